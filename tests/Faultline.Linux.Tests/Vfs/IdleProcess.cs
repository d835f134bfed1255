using Faultline.Linux.Host.Linux;
using Faultline.Linux.Kernel;
using Faultline.Linux.Loader;
using Faultline.Linux.Syscalls;
using Faultline.Memory;
using Task = Faultline.Linux.Kernel.Task;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>A kernel whose root is a <see cref="TestTree"/>, with a process that has been loaded and runs nothing.</summary>
internal sealed class IdleProcess : IDisposable
{
    /// <summary>Four pages to read and write; nothing is mapped on either side.</summary>
    public const ulong Buffer = 0x10000000;

    /// <summary>Length of <see cref="Buffer"/>.</summary>
    public const int BufferSize = 4 * GuestPage.Size;

    public IdleProcess()
    {
        Assert.Equal(0, LinuxKernel.Create(new LinuxKernelOptions { Host = new LinuxHost(), Root = Tree.Folder }, out LinuxKernel? kernel));
        Kernel = kernel!;
        ExecuteProgram();
        Process = Kernel.Processes[0];
        Process.Main.MakeCurrent();
        Process.Mm.Space.Map(new Mapping { Start = Buffer, End = Buffer + BufferSize, Protection = PageProtection.Read | PageProtection.Write });
    }

    public TestTree Tree { get; } = new();

    public LinuxKernel Kernel { get; }

    public Process Process { get; }

    public Task Task => Process.Main;

    /// <summary>Makes a system call by its number, through the table.</summary>
    public unsafe long Call(int number, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0) =>
        SyscallTable.Find(number)!.Handler(Task, new SyscallArguments(number, a0, a1, a2, a3, a4, a5));

    /// <summary>Puts a string at the start of the buffer and returns its address.</summary>
    public ulong Text(string text, int at = 0)
    {
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(text + "\0");
        Assert.Equal(bytes.Length, Task.Memory.Write(Buffer + (ulong)at, bytes));
        return Buffer + (ulong)at;
    }

    /// <summary>Reads guest memory.</summary>
    public byte[] Bytes(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        Assert.Equal(length, Task.Memory.Read(address, bytes));
        return bytes;
    }

    public void Dispose()
    {
        Kernel.Dispose();
        Tree.Dispose();
    }

    private void ExecuteProgram()
    {
        // Any static program serves: it is loaded and never run.
        File.WriteAllBytes(Tree.At("program"), MinimalProgram());
        Assert.Equal(0, HostCalls.ChangeMode(Libc.AT_FDCWD, Tree.At("program")));
        ExecuteError error = Kernel.Spawn("/program", ["program", "argument"], ["NAME=value"], out Process? process);
        Assert.True(error.Errno == 0, error.ToString());
        Assert.NotNull(process);
    }

    /// <summary>An ELF header, one program header and a page of text.</summary>
    private static byte[] MinimalProgram()
    {
        byte[] file = new byte[8192];
        BinaryWriter writer = new(new MemoryStream(file));
        writer.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write((ushort)2);
        writer.Write((ushort)62);
        writer.Write(1);
        writer.Write(0x401000L);
        writer.Write(64L);
        writer.Write(0L);
        writer.Write(0);
        foreach (ushort value in (ushort[])[64, 56, 1, 64, 0, 0])
            writer.Write(value);
        writer.Write(1);
        writer.Write(5);
        writer.Write(0L);
        foreach (long value in (long[])[0x400000, 0x400000, 8192, 8192, 4096])
            writer.Write(value);
        return file;
    }
}
