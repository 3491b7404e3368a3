// The types of the package are written for its global; this says that the module has the same as its default.
import uPlot = require("./uPlot.cjs");

export default uPlot;
