using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>
/// Runs cases on the host processor, inside this process: generated code loads the whole guest state, jumps to the case, and is brought back by the exception
/// that ends it. One for the process, used under <see cref="Gate"/>.
/// </summary>
internal sealed unsafe partial class NativeRunner
{
    /// <summary>Held while a case runs: there is one scratch region.</summary>
    public static readonly Lock Gate = new();

    private const long StateAt = (long)Scratch.Control + 0x2000;
    private const long HostAt = (long)Scratch.Control + 0x3000;
    private const long HostRspAt = HostAt;
    private const long HostMxcsrAt = HostAt + 8;
    private const long HostControlAt = HostAt + 16;
    private const long RunningAt = HostAt + 24;
    private const long ThreadAt = HostAt + 32;
    private const long EpilogueAt = HostAt + 40;
    private const long EntryAt = HostAt + 48;
    private const long OldHandlersAt = HostAt + 0x100;

    private static NativeRunner? s_instance;
    [ThreadStatic]
    private static bool t_gsBaseSet;

    private readonly AssemblerRegister64[] _gprs = [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];
    private readonly AssemblerRegisterYMM[] _ymms =
        [ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11, ymm12, ymm13, ymm14, ymm15];

    private readonly AssemblerRegisterXMM[] _xmms =
        [xmm0, xmm1, xmm2, xmm3, xmm4, xmm5, xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];

    /// <summary>Where the case's code can be written: the case itself must not store to it, or the next one would meet what it left.</summary>
    private readonly byte* _code;

    private NativeRunner()
    {
        _code = MapCode();
        Map(Scratch.Data, Scratch.DataSize);
        Map(Scratch.ReadOnly, Scratch.ReadOnlySize);
        Scratch.ReadOnlyBytes().CopyTo(new Span<byte>((void*)Scratch.ReadOnly, Scratch.ReadOnlySize));
        Assert.Equal(0, MemoryProtect((nint)Scratch.ReadOnly, Scratch.ReadOnlySize, 1));
        Map(Scratch.Control, Scratch.ControlSize);
        new Span<byte>(_code, Scratch.CodeSize).Fill(Scratch.Filler);

        *(ulong*)EpilogueAt = Scratch.Control + 0x800;
        Emit(Scratch.Control, AssemblePrologue);
        Emit(Scratch.Control + 0x800, AssembleEpilogue);
        Emit(Scratch.Control + 0x1000, AssembleHandler);
        InstallHandlers(Scratch.Control + 0x1000);
    }

    /// <summary>Whether this host can be the oracle.</summary>
    public static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64 && OperatingSystem.IsLinux();

    /// <summary>The process's runner.</summary>
    public static NativeRunner Instance => s_instance ??= new NativeRunner();

    /// <summary>Whether the upper halves of the vector registers take part.</summary>
    public static bool HasYmm => HostFeatures.Has("avx");

    /// <summary>Whether user code can load the base of GS; if not, it is set once a thread.</summary>
    private static bool HasGsBase => HostFeatures.Has(CpuFeature.Fsgsbase);

    /// <summary>Whether this process has something at an address (mincore(2)).</summary>
    public static bool IsMapped(ulong address)
    {
        const int SYS_mincore = 27;
        byte resident;
        return SystemCall(SYS_mincore, (nint)(address & ~0xfffUL), 1, (nint)(&resident)) == 0;
    }

    /// <summary>Runs a case; its data region is in <paramref name="data"/> before and after.</summary>
    public void Run(DiffCase test, ref MachineState state, Span<byte> data)
    {
        if (!HasGsBase && !t_gsBaseSet)
        {
            const int SYS_arch_prctl = 158, ARCH_SET_GS = 0x1001;
            _ = SystemCall(SYS_arch_prctl, ARCH_SET_GS, (nint)Scratch.GsBase);
            t_gsBaseSet = true;
        }
        Span<byte> code = new(_code + (test.Rip - Scratch.Code), test.Bytes.Count);
        Span<byte> region = new((void*)Scratch.Data, Scratch.DataSize);
        CollectionsMarshal.AsSpan(test.Bytes).CopyTo(code);
        data.CopyTo(region);
        *(MachineState*)StateAt = state;
        *(ulong*)EntryAt = test.Rip;
        ((delegate* unmanaged<void>)Scratch.Control)();
        state = *(MachineState*)StateAt;
        region.CopyTo(data);
        code.Fill(Scratch.Filler);
    }

    private void AssemblePrologue(Assembler a)
    {
        a.push(rbx);
        a.push(rbp);
        a.push(r12);
        a.push(r13);
        a.push(r14);
        a.push(r15);
        a.pushfq();
        a.stmxcsr(__dword_ptr[HostMxcsrAt]);
        a.fnstcw(__word_ptr[HostControlAt]);
        a.mov(__qword_ptr[HostRspAt], rsp);
        a.mov(rax, __qword_ptr.fs[0]);
        a.mov(__qword_ptr[ThreadAt], rax);
        if (HasGsBase)
        {
            a.mov(rax, __qword_ptr[StateAt + MachineState.GsBaseOffset]);
            a.wrgsbase(rax);
        }
        a.fxrstor64(__[StateAt + MachineState.FxOffset]);
        for (int i = 0; i < 16; i++)
        {
            if (HasYmm)
                a.vmovdqu(_ymms[i], __ymmword_ptr[StateAt + MachineState.YmmOffset + 32 * i]);
            else
                a.movdqu(_xmms[i], __xmmword_ptr[StateAt + MachineState.YmmOffset + 32 * i]);
        }
        a.mov(__dword_ptr[RunningAt], 1);
        a.mov(rsp, StateAt + MachineState.FlagsOffset);
        a.popfq();
        for (int i = 0; i < 16; i++)
            a.mov(_gprs[i], __qword_ptr[StateAt + 8 * i]);
        a.jmp(__qword_ptr[EntryAt]);
    }

    private void AssembleEpilogue(Assembler a)
    {
        for (int i = 0; i < 16; i++)
            a.mov(__qword_ptr[StateAt + 8 * i], _gprs[i]);
        a.mov(rsp, StateAt + MachineState.FlagsOffset + 8);
        a.pushfq();
        a.cld();
        if (HasGsBase)
        {
            a.rdgsbase(rax);
            a.mov(__qword_ptr[StateAt + MachineState.GsBaseOffset], rax);
        }
        a.fxsave64(__[StateAt + MachineState.FxOffset]);
        for (int i = 0; i < 16; i++)
        {
            if (HasYmm)
                a.vmovdqu(__ymmword_ptr[StateAt + MachineState.YmmOffset + 32 * i], _ymms[i]);
            else
                a.movdqu(__xmmword_ptr[StateAt + MachineState.YmmOffset + 32 * i], _xmms[i]);
        }
        if (HasYmm)
            a.vzeroupper();
        a.mov(__dword_ptr[RunningAt], 0);
        a.mov(rsp, __qword_ptr[HostRspAt]);
        a.fninit();
        a.fldcw(__word_ptr[HostControlAt]);
        a.ldmxcsr(__dword_ptr[HostMxcsrAt]);
        a.popfq();
        a.pop(r15);
        a.pop(r14);
        a.pop(r13);
        a.pop(r12);
        a.pop(rbp);
        a.pop(rbx);
        a.ret();
    }

    private static void Emit(ulong address, Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        Assert.True(stream.Length <= 0x800);
        stream.ToArray().CopyTo(new Span<byte>((void*)address, 0x800));
    }

    private static void Map(ulong address, int length)
    {
        // Readable, writable, executable; private, anonymous, MAP_FIXED_NOREPLACE.
        nint result = MemoryMap((nint)address, length, 7, 0x100022, -1, 0);
        Assert.Equal((nint)address, result);
    }

    /// <summary>Maps the code region twice: readable and executable at its address, writable wherever the host likes.</summary>
    private static byte* MapCode()
    {
        int file = MemoryFile("code", 0);
        Assert.True(file >= 0);
        Assert.Equal(0, Truncate(file, Scratch.CodeSize));
        // PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED_NOREPLACE; then PROT_READ | PROT_WRITE, MAP_SHARED.
        Assert.Equal((nint)Scratch.Code, MemoryMap((nint)Scratch.Code, Scratch.CodeSize, 5, 0x100001, file, 0));
        nint alias = MemoryMap(0, Scratch.CodeSize, 3, 1, file, 0);
        Assert.NotEqual(-1, alias);
        return (byte*)alias;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    private static partial int Truncate(int file, nint length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(nint address, nint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int MemoryProtect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third = 0);
}
