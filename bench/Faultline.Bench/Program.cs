using Faultline.Bench;

return Comparison.Run(args);
