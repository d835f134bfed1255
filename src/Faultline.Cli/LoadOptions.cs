using System.Globalization;
using Faultline.Elf.Layout;

namespace Faultline.Cli;

/// <summary>The options --host-page-size and --load-policy, which two commands have.</summary>
internal static class LoadOptions
{
    /// <summary>Reads the two; an absent one is Linux's policy, or pages of 4 KiB.</summary>
    /// <param name="pageSize">A number of bytes.</param>
    /// <param name="name">A policy's name.</param>
    /// <param name="policy">What they say.</param>
    /// <param name="problem">What is wrong with them; empty when nothing is.</param>
    public static bool TryParse(string? pageSize, string? name, out LoadPolicy policy, out string problem)
    {
        policy = LoadPolicy.Default;
        problem = "";
        ulong size = ElfPage.Size;
        if (pageSize is not null && !(ulong.TryParse(pageSize, NumberStyles.None, CultureInfo.InvariantCulture, out size) && LoadPolicy.IsHostPageSize(size)))
        {
            problem = $"--host-page-size {pageSize}: there are {string.Join(", ", LoadPolicy.HostPageSizes)}";
            return false;
        }
        LoadPolicyKind kind = LoadPolicyKind.Linux;
        if (name is not null && !LoadPolicy.TryParse(name, out kind))
        {
            problem = $"--load-policy {name}: there are {string.Join(", ", LoadPolicy.Names)}";
            return false;
        }
        policy = new LoadPolicy(kind, size);
        return true;
    }
}
