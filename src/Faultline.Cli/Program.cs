using Faultline.Cli;

return Entry.Run(args);
