using System.Runtime.InteropServices;
using Faultline.Cpu.State;
using Faultline.Memory;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Runs cases here, on either engine.</summary>
internal sealed unsafe class GuestRunner : IDisposable
{
    /// <summary>Instructions that a case executes at most: many times what any needs.</summary>
    public const long Limit = 200_000;

    private readonly FramePool _frames = new();
    private readonly AddressSpace _memory;
    private readonly Processor _processor;

    /// <summary>Makes a processor with the scratch regions mapped.</summary>
    /// <param name="model">What executes; everything that the table has unless given.</param>
    /// <param name="engine">How; <see cref="DifferentialSettings.Engine"/> unless given.</param>
    public GuestRunner(CpuModel? model = null, ExecutionEngine? engine = null)
    {
        _memory = new AddressSpace(_frames);
        Map(Scratch.Code, Scratch.CodeSize, PageProtection.Read | PageProtection.Write);
        Map(Scratch.Data, Scratch.DataSize, PageProtection.Read | PageProtection.Write);
        Map(Scratch.ReadOnly, Scratch.ReadOnlySize, PageProtection.Read | PageProtection.Write);
        _memory.Write(Scratch.ReadOnly, Scratch.ReadOnlyBytes(), out _);
        _memory.Protect(Scratch.ReadOnly, Scratch.ReadOnly + Scratch.ReadOnlySize, PageProtection.Read);
        byte[] filler = new byte[Scratch.CodeSize];
        Array.Fill(filler, Scratch.Filler);
        _memory.Write(Scratch.Code, filler, out _);
        _processor = new Processor(_memory, model ?? Model, engine ?? DifferentialSettings.Engine);
    }

    /// <summary>The model with every feature the table has.</summary>
    public static CpuModel Model => CpuModel.Full;

    /// <summary>Instructions after which the processor returns in between.</summary>
    public long Slice { get; set; } = Limit;

    /// <summary>Instructions executed so far.</summary>
    public long Executed => _processor.InstructionsExecuted;

    /// <summary>Regions translated so far.</summary>
    public long Translated => _processor.Translations?.Installed ?? 0;

    /// <summary>Runs a case; its data region is in <paramref name="data"/> before and after.</summary>
    public void Run(DiffCase test, ref MachineState state, Span<byte> data)
    {
        Span<byte> code = CollectionsMarshal.AsSpan(test.Bytes);
        WriteCode(test.Rip, code);
        _memory.Write(Scratch.Data, data, out _);
        Load(ref state, test.Rip);
        long end = Executed + Limit;
        ExitReason exit;
        do
            exit = _processor.Run(Slice);
        while (exit == ExitReason.BudgetSpent && Executed < end);
        Save(ref state, exit);
        _memory.Read(Scratch.Data, data, out _);
        Span<byte> filler = stackalloc byte[code.Length];
        filler.Fill(Scratch.Filler);
        WriteCode(test.Rip, filler);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _processor.Dispose();
        _memory.Dispose();
        _frames.Dispose();
    }

    /// <summary>The case itself must not store to its code, or the next one would meet what it left.</summary>
    private void WriteCode(ulong address, ReadOnlySpan<byte> code)
    {
        _memory.Protect(Scratch.Code, Scratch.Code + Scratch.CodeSize, PageProtection.Read | PageProtection.Write);
        _memory.Write(address, code, out _);
        _memory.Protect(Scratch.Code, Scratch.Code + Scratch.CodeSize, PageProtection.Read | PageProtection.Execute);
    }

    private void Load(ref MachineState state, ulong rip)
    {
        _processor.Reset();
        CpuState* s = _processor.State;
        s->Rip = rip;
        s->GsBase = state.GsBase;
        for (int i = 0; i < 16; i++)
            s->Gpr[i] = state.Gpr[i];
        Flags.Load(s, (uint)state.Rflags);
        s->Mxcsr = state.Mxcsr;
        s->X87Control = state.X87Control;
        s->X87Top = (byte)((state.X87Status >> 11) & 7);
        s->X87Status = (ushort)(state.X87Status & ~0x3800);
        s->X87Tag = state.X87Tag;
        fixed (MachineState* from = &state)
        {
            for (int i = 0; i < 8; i++)
            {
                byte* to = (byte*)s + CpuState.X87Offset((s->X87Top + i) & 7);
                Buffer.MemoryCopy(from->Fx + MachineState.StOffset + 16 * i, to, 16, 10);
            }
            for (int i = 0; i < 16; i++)
                Buffer.MemoryCopy(from->Ymm + 32 * i, (byte*)s + CpuState.VectorOffset(i), 64, 32);
        }
    }

    private void Save(ref MachineState state, ExitReason exit)
    {
        CpuState* s = _processor.State;
        for (int i = 0; i < 16; i++)
            state.Gpr[i] = s->Gpr[i];
        state.Rflags = Flags.Materialize(s);
        state.Trap = VectorOf(exit);
        state.TrapRip = s->Rip;
        state.TrapAddress = s->ExitAddress;
        state.TrapError = s->ExitCode;
        state.GsBase = s->GsBase;
        state.Mxcsr = s->Mxcsr;
        state.X87Control = s->X87Control;
        state.X87Status = (ushort)((s->X87Status & ~0x3800) | (s->X87Top << 11));
        state.X87Tag = s->X87Tag;
        fixed (MachineState* to = &state)
        {
            for (int i = 0; i < 8; i++)
            {
                byte* from = (byte*)s + CpuState.X87Offset((s->X87Top + i) & 7);
                Buffer.MemoryCopy(from, to->Fx + MachineState.StOffset + 16 * i, 16, 10);
            }
            for (int i = 0; i < 16; i++)
                Buffer.MemoryCopy((byte*)s + CpuState.VectorOffset(i), to->Ymm + 32 * i, 32, 32);
        }
    }

    /// <summary>The exception vector an exit stands for (SDM vol. 3, 6.3.1); exits that are none lie above 255.</summary>
    private static ulong VectorOf(ExitReason exit) => exit switch
    {
        ExitReason.DivideError => 0,
        ExitReason.Debug => 1,
        ExitReason.Breakpoint => 3,
        ExitReason.InvalidOpcode => 6,
        ExitReason.StackFault => 12,
        ExitReason.GeneralProtection => 13,
        ExitReason.PageFault => 14,
        ExitReason.FloatingPoint => 16,
        ExitReason.AlignmentCheck => 17,
        ExitReason.SimdFloatingPoint => 19,
        _ => 256 + (ulong)exit,
    };

    private void Map(ulong start, int length, PageProtection protection) =>
        _memory.Map(new Mapping { Start = start, End = start + (ulong)length, Protection = protection });
}
