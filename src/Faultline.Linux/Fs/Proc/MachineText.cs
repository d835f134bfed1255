using System.Globalization;
using System.Text;
using Faultline.Cpu;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Fs.Proc;

/// <summary>/proc/cpuinfo, meminfo and the other files about the machine.</summary>
internal static class MachineText
{
    private const double Second = 1e9;

    /// <summary>One block for each processor, all alike.</summary>
    public static string CpuInfo(LinuxKernel kernel)
    {
        CpuModel model = kernel.Options.Model;
        StringBuilder flags = new();
        foreach (CpuidBit bit in CpuidBits.All)
        {
            if (bit.Name.Length > 0 && model.Has(bit.Feature))
                _ = flags.Append(flags.Length == 0 ? "" : " ").Append(bit.Name);
        }
        uint signature = model.Signature;
        int count = kernel.Host.Identity.ProcessorCount;
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            Add(text, $"processor\t: {i}\nvendor_id\t: {CpuModel.Vendor}\ncpu family\t: {Family(signature)}\nmodel\t\t: {Model(signature)}\n");
            Add(text, $"model name\t: {model.Brand}\nstepping\t: {signature & 15}\n");
            Add(text, $"physical id\t: 0\nsiblings\t: {count}\ncore id\t\t: {i}\ncpu cores\t: {count}\n");
            Add(text, $"fpu\t\t: yes\nfpu_exception\t: yes\nwp\t\t: yes\nflags\t\t: {flags}\n");
            Add(text, $"clflush size\t: 64\ncache_alignment\t: 64\n");
            Add(text, $"address sizes\t: {CpuModel.PhysicalBits} bits physical, {CpuModel.LinearBits} bits virtual\n\n");
        }
        return text.ToString();
    }

    /// <summary>Memory, all that is available being free.</summary>
    public static string MemInfo(LinuxKernel kernel)
    {
        IHostIdentity host = kernel.Host.Identity;
        long total = host.MemoryTotal / 1024, available = host.MemoryAvailable / 1024;
        StringBuilder text = new();
        foreach ((string name, long value) in (ReadOnlySpan<(string, long)>)
        [
            ("MemTotal", total), ("MemFree", available), ("MemAvailable", available), ("Buffers", 0), ("Cached", 0), ("SwapCached", 0),
            ("Active", total - available), ("Inactive", 0), ("SwapTotal", 0), ("SwapFree", 0), ("Dirty", 0), ("Writeback", 0),
            ("AnonPages", total - available), ("Mapped", 0), ("Shmem", 0), ("Slab", 0), ("SReclaimable", 0), ("SUnreclaim", 0),
            ("CommitLimit", total), ("Committed_AS", total - available), ("VmallocTotal", 34359738367), ("VmallocUsed", 0),
        ])
            Add(text, $"{name + ":",-16}{value,8} kB\n");
        return text.Append("HugePages_Total:       0\nHugePages_Free:        0\nHugepagesize:       2048 kB\n").ToString();
    }

    /// <summary>Seconds since boot, and seconds idle over all processors.</summary>
    public static string Uptime(LinuxKernel kernel)
    {
        double up = kernel.Host.Clock.BootTime / Second;
        double idle = Math.Max((up * kernel.Host.Identity.ProcessorCount) - (kernel.Host.Clock.ProcessTime / Second), 0);
        StringBuilder text = new();
        Add(text, $"{up:F2} {idle:F2}\n");
        return text.ToString();
    }

    /// <summary>Load averages, running and all threads, the newest process.</summary>
    public static string LoadAverage(LinuxKernel kernel)
    {
        (double one, double five, double fifteen) = kernel.Host.Identity.LoadAverage;
        int threads = 0, last = 0;
        foreach (Process process in kernel.Processes)
        {
            threads += process.Tasks.Length;
            last = Math.Max(last, process.Pid);
        }
        StringBuilder text = new();
        Add(text, $"{one:F2} {five:F2} {fifteen:F2} 1/{threads} {last}\n");
        return text.ToString();
    }

    /// <summary>What uname tells, in a sentence.</summary>
    public static string Version() => $"Linux version {LinuxKernel.Release} (faultline@localhost) {LinuxKernel.Version}\n";

    /// <summary>Ticks by kind, for all processors and for each; counts and the time of boot.</summary>
    public static string Stat(LinuxKernel kernel)
    {
        IHostClock clock = kernel.Host.Clock;
        int count = kernel.Host.Identity.ProcessorCount;
        clock.ProcessTimes(out long user, out long system);
        long up = clock.BootTime / 10_000_000;
        (user, system) = (user / 10_000_000, system / 10_000_000);
        long idle = Math.Max((up * count) - user - system, 0);
        StringBuilder text = new();
        Add(text, $"cpu  {user} 0 {system} {idle} 0 0 0 0 0 0\n");
        for (int i = 0; i < count; i++)
            Add(text, $"cpu{i} {user / count} 0 {system / count} {idle / count} 0 0 0 0 0 0\n");
        Add(text, $"intr 0\nctxt 0\nbtime {(clock.Realtime - clock.BootTime) / 1_000_000_000}\nprocesses {kernel.Processes.Length}\n");
        return text.Append("procs_running 1\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n").ToString();
    }

    // Family and model of CPUID.1:EAX as Linux computes them (x86_family, x86_model): every family here is 6 or above, and adds the extended model.

    private static uint Family(uint signature) => (signature >> 8 & 15) == 15 ? 15 + (signature >> 20 & 0xff) : signature >> 8 & 15;

    private static uint Model(uint signature) => (signature >> 12 & 0xf0) | (signature >> 4 & 15);

    private static void Add(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));
}
