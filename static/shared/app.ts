import "./app.css";
import "htmx.org";

import { Clock } from "./clock_view";
import { listenForConfirmations } from "./confirm_view";
import { forgetPath } from "./forget_view";
import { IdleWatch } from "./idle_view";
import { keepDatesFresh } from "./moment_view";
import { offerPrinting } from "./print_view";
import { listenForRowKeys } from "./rows_view";
import { Spark } from "./spark_view";
import { listenForToasts } from "./toast_view";
import { keepUnsentWords } from "./unsent_view";
import { Updates } from "./updates_view";

forgetPath();
customElements.define("pl-clock", Clock);
customElements.define("pl-spark", Spark);
customElements.define("pl-updates", Updates);
listenForConfirmations();
listenForRowKeys();
listenForToasts();
offerPrinting();
keepDatesFresh();
keepUnsentWords();

const idleSeconds = Number(document.body.dataset["idleSeconds"] ?? 0);
if (idleSeconds > 0) new IdleWatch(idleSeconds, document.body.dataset["keepAlive"]).start();
