using Faultline.Bench;
using Faultline.Bench.Micro;

if (!Options.TryParse(args, out Options options, out string? problem))
{
    Console.Error.WriteLine($"bench: {problem}; see bench/run --help");
    return 2;
}
if (options.Help)
{
    Console.Write(Options.HelpText);
    return 0;
}
if (options.Symbolise)
    return Symbolisation.Run(options.Rounds);
return options.Micro ? MicroBenchmarks.Run(options.Only) : new Comparison(options).Run();
