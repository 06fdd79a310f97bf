// The scripts of every page.

import "./search_box.js";
import "./folds.js";
