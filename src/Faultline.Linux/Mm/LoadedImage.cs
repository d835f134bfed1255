using Faultline.Elf.Layout;

namespace Faultline.Linux.Mm;

/// <summary>How an ELF file was brought into memory by execve(2): where its bytes come from, for whoever asks later.</summary>
/// <param name="Path">The file as the guest named it, one char per byte.</param>
/// <param name="Layout">What the file asked for.</param>
/// <param name="Policy">How its segments were rounded to pages.</param>
/// <param name="Steps">What was mapped and cleared, in order; link-time addresses.</param>
/// <param name="Bias">What was added to link-time addresses.</param>
internal sealed record LoadedImage(string Path, ElfImageLayout Layout, LoadPolicy Policy, IReadOnlyList<LoadStep> Steps, ulong Bias)
{
    /// <summary>Whether a step wrote an address of the process, or changed what may be done with it.</summary>
    public bool Has(ulong address)
    {
        ulong linked = address - Bias;
        foreach (LoadStep step in Steps)
        {
            if (linked - step.Address < step.Length)
                return true;
        }
        return false;
    }
}
