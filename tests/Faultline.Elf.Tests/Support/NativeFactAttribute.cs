using System.Runtime.InteropServices;

namespace Faultline.Elf.Tests.Support;

/// <summary>A fact that lets Linux itself load files; skipped elsewhere than on an x86-64 Linux host.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !File.Exists("/proc/self/maps"))
        {
            Skip = "the host is not x86-64 Linux";
        }
    }
}
