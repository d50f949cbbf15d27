// The desk works without this file; it only saves a reload here and there.
"use strict";
