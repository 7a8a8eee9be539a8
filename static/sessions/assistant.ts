/** The pages of the assistant: the patient's chat, and what the care team sees of it. */

import "./assistant.css";
