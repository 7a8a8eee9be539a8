"""Notes of the demo that were written elsewhere: a hospital's letter as Word document, another's as PDF."""

import io
from datetime import date
from textwrap import wrap

import docx
from docx.enum.text import WD_BREAK
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

TOP, LEFT, LINE = 780, 60, 16
LETTERS_A_LINE = 88


def discharge_letter(name: str, *, day: date) -> bytes:
    """A two-page discharge letter after a knee replacement, as a Word document."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Riverside Hospital, physiotherapy"
    document.add_paragraph(f"Patient: {name}")
    document.add_paragraph(f"Date of visit: {day.isoformat()}")
    document.add_paragraph(
        "Right total knee replacement two days ago. Pain 6/10 at night, 4/10 after tablets."
    )
    table = document.add_table(rows=3, cols=3)
    rows = (("Motion", "Right knee", "Left knee"), ("Flexion", "60 degrees", "128 degrees"),
            ("Extension lacks", "8 degrees", "0 degrees"))  # fmt: skip
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("Right quadriceps 2+/5. Walks 20 metres with a walker.").add_run().add_break(
        WD_BREAK.PAGE
    )
    document.add_paragraph("Plan: gait training, heel slides, ice. Full weight bearing as tolerated.")
    document.add_paragraph("No sign of deep vein thrombosis on the day of discharge.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def hip_report(name: str, *, day: date) -> bytes:
    """A two-page report after a hip replacement, as a PDF."""
    pages = (
        (
            "Lakeside Rehabilitation: physical therapy report",
            f"Patient: {name}",
            f"Date of visit: {day.isoformat()}",
            "",
            "Left total hip replacement. Pain 4/10 when walking, 2/10 at rest.",
            "Left hip flexion 0 to 78 degrees, left hip abduction 0 to 18 degrees. Left hip abductors 3/5. "
            "Timed Up and Go 24.0 seconds with two crutches.",
        ),
        (
            "Treatment: gait training, hip strengthening, stair training, education about precautions.",
            "Plan: continue as an outpatient twice a week. Goal: one crutch in four weeks.",
        ),
    )
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for lines in pages:
        shown = [part for line in lines for part in (wrap(line, LETTERS_A_LINE) or [""])]
        for number, line in enumerate(shown):
            canvas.drawString(LEFT, TOP - LINE * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
