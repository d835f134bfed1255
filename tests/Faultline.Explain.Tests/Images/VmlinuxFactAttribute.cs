using Faultline.Elf.Tests.Support;

namespace Faultline.Explain.Tests.Images;

/// <summary>A fact about a kernel image with DWARF, which is too large to keep here: FAULTLINE_VMLINUX names it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VmlinuxFactAttribute : FactAttribute
{
    public VmlinuxFactAttribute()
    {
        if (Path is null)
            Skip = "FAULTLINE_VMLINUX names no vmlinux with DWARF (Debian package linux-image-6.1.0-NN-cloud-amd64-dbg, unpacked with dpkg -x)";
        else if (!HostTool.Exists("addr2line"))
            Skip = "addr2line is not installed";
    }

    /// <summary>The image, or null.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("FAULTLINE_VMLINUX") is { Length: > 0 } path && File.Exists(path) ? path : null;
}
