/** Pages about proposals and what becomes of them: they work without scripts and need only their look. */

import "./adapting.css";
