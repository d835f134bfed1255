namespace Faultline.Linux.Kernel;

/// <summary>One in-process Linux kernel: processes, file systems and the host behind them.</summary>
internal sealed partial class LinuxKernel
{
}
