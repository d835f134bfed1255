using Faultline.Elf.Layout;
using Faultline.Linux.Kernel.Signals;
using Faultline.Linux.Mm;

namespace Faultline.Reports;

/// <summary>What the loader did to the bytes at RIP, where they are not those that the file has there.</summary>
internal static class LoadFindings
{
    /// <summary>Lines for a <see cref="FaultReport"/>; none when the bytes are the file's, or no load step wrote them.</summary>
    public static IReadOnlyList<string> Of(FatalSignal fatal, ImageCatalog images)
    {
        ulong rip = fatal.Registers.rip;
        foreach (LoadedImage image in fatal.Image.Loaded)
        {
            if (image.Has(rip) && images.Open(image.Path) is { } opened)
                return Describe(fatal, image, new LoadHistory(opened.File, image.Layout, image.Policy));
        }
        return [];
    }

    private static List<string> Describe(FatalSignal fatal, LoadedImage image, LoadHistory history)
    {
        ulong rip = fatal.Registers.rip;
        AddressHistory address = history.Explain(rip - image.Bias);
        byte[] now = new byte[LoadHistory.Shown];
        now = now[..fatal.Memory.Read(rip, now)];
        string file = GuestText.FromKernel(image.Path);
        string have = $"the bytes at rip are {LoadText.Bytes(now)}, {CodeListing.First(now, rip)}";
        bool isAsLoaded = now.AsSpan().StartsWith(address.Loaded.AsSpan(0, Math.Min(8, address.Loaded.Length)));
        if (address.Segment is not { } segment || now.Length == 0 || now.AsSpan().SequenceEqual(address.Expected.AsSpan(0, Math.Min(now.Length, address.Expected.Length))))
            return [];
        string section = address.Section.Length == 0 ? "" : $" ({address.Section})";
        string expected = $"{file}{section} has {LoadText.Bytes(address.Expected)} there{(address.FileOffset is { } offset ? $", at offset 0x{offset:x}" : "")}: {CodeListing.First(address.Expected, rip)}";
        if (!address.IsDestroyed || !isAsLoaded)
        {
            // Code that a program makes or patches itself is no fault of the loader's; zeros are worth a word.
            return now.AsSpan().ContainsAnyExcept((byte)0)
                ? []
                : [have, expected, "the loader brought the file's bytes there: they were overwritten while the program ran"];
        }
        LoadStep last = address.Writers[^1].Step;
        List<string> lines = [have, expected];
        LoadDamage? damage = history.FindDamage().FirstOrDefault(d => d.From <= address.Address && address.Address < d.To && d.Step == last);
        if (last.IsWidening)
        {
            lines.Add($"segment {last.SegmentIndex} of {file} was widened from 0x{last.End + image.Bias:x} down to 0x{last.Address + image.Bias:x}, a page of the host "
                + $"({image.Policy}), over the end of segment {segment.Index}");
        }
        if (damage is not null)
        {
            lines.Add($"that {(damage.After.AsSpan().ContainsAnyExcept((byte)0) ? "replaced" : "zeroed")} 0x{damage.From + image.Bias:x} to 0x{damage.To + image.Bias:x} "
                + $"({string.Join(", ", damage.Sections)}), {damage.Differing} bytes of which had other values, before the first instruction: the loader is at fault, not the program");
        }
        lines.Add("load steps that wrote there, in order:");
        foreach ((LoadStep step, byte[] left) in address.Writers)
            lines.Add($"  {LoadText.Describe(step, image.Bias)}: left {LoadText.Bytes(left)}");
        return lines;
    }
}
