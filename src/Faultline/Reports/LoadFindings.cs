using Faultline.Elf.Layout;
using Faultline.Linux.Kernel.Signals;
using Faultline.Linux.Mm;

namespace Faultline.Reports;

/// <summary>What the loader did to the bytes at RIP, where they are not those that the file has there.</summary>
internal static class LoadFindings
{
    private const int MostElsewhere = 4;

    /// <summary>Lines for a <see cref="FaultReport"/>; none when the bytes are the file's, or no load step wrote them.</summary>
    public static IReadOnlyList<string> Of(FatalSignal fatal, ImageCatalog images)
    {
        ulong rip = fatal.Registers.rip;
        foreach (LoadedImage image in fatal.Image.Loaded)
        {
            if (image.Has(rip) && images.Open(image.Path) is { } opened
                && Describe(fatal, image, new LoadHistory(opened.File, image.Layout, image.Policy)) is { Count: > 0 } found)
            {
                return found;
            }
        }
        return Elsewhere(fatal, images);
    }

    /// <summary>What a broken policy destroyed in places that RIP is not in: the fault may come of it.</summary>
    private static List<string> Elsewhere(FatalSignal fatal, ImageCatalog images)
    {
        List<string> lines = [];
        foreach (LoadedImage image in fatal.Image.Loaded.Where(image => image.Policy.IsBroken))
        {
            if (images.Open(image.Path) is not { } opened)
                continue;
            foreach (LoadDamage damage in new LoadHistory(opened.File, image.Layout, image.Policy).FindDamage().Where(damage => damage.Differing > 0).Take(MostElsewhere))
            {
                lines.Add($"{GuestText.FromKernel(image.Path)}: {Widened(damage.Step, image)}, which destroyed {damage.Differing} bytes of segment {damage.Segment.Index} "
                    + $"({string.Join(", ", damage.Sections)}) in 0x{damage.From + image.Bias:x} to 0x{damage.To + image.Bias:x} before the first instruction");
            }
        }
        if (lines.Count > 0)
            lines.Insert(0, "the bytes at rip are the file's, but the loader destroyed others, and the fault may come of that:");
        return lines;
    }

    private static string Widened(in LoadStep step, LoadedImage image) =>
        $"segment {step.SegmentIndex} was widened from 0x{step.End + image.Bias:x} down to 0x{step.Address + image.Bias:x}, a page of the host ({image.Policy})";

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
            lines.Add($"{file}: {Widened(last, image)}, over the end of segment {segment.Index}");
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
