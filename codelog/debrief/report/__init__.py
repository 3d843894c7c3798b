"""One case as a value: every figure and every sentence of its report, each with the entries it rests on."""
