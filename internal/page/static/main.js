// The page: joins the input side, the answer side and the engine.

import { chooseTransport, newest } from "./transport.js";

/** Asks the engine. */
export const call = newest(chooseTransport());
