using System.Globalization;
using System.Security.Cryptography;

namespace Faultline.Cpu.Tests.Fuzz;

/// <summary>How long a fuzz run goes on and what it starts from.</summary>
internal sealed class FuzzOptions
{
    /// <summary>Minutes after which it ends.</summary>
    public double Minutes { get; private set; } = double.PositiveInfinity;

    /// <summary>Blocks after which it ends.</summary>
    public long Blocks { get; private set; } = long.MaxValue;

    /// <summary>What all cases follow from; random unless it is given.</summary>
    public ulong Seed { get; private set; } = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));

    /// <summary>Reads <c>--minutes N</c>, <c>--blocks N</c> and <c>--seed N</c>.</summary>
    /// <exception cref="FormatException">An unknown option, a missing or bad number, or neither minutes nor blocks.</exception>
    public static FuzzOptions Parse(IReadOnlyList<string> arguments)
    {
        FuzzOptions options = new();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            bool valid = arguments[i] switch
            {
                "--minutes" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double minutes) && (options.Minutes = minutes) > 0,
                "--blocks" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long blocks) && (options.Blocks = blocks) is > 0 and <= int.MaxValue,
                "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) && (options.Seed = seed) == seed,
                _ => throw new FormatException($"unknown option {arguments[i]}"),
            };
            if (!valid)
                throw new FormatException($"{arguments[i]} needs a number, not '{value}'");
        }
        return double.IsPositiveInfinity(options.Minutes) && options.Blocks == long.MaxValue
            ? throw new FormatException("--minutes or --blocks is needed")
            : options;
    }
}
