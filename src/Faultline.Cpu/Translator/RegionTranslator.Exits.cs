using System.Numerics;
using System.Reflection.Emit;
using Faultline.Cpu.Interpreter;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Translator;

// Ways out of a region: to another block, which may be another region, and to the interpreter for one instruction.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Bits of the count that is noted together with an address.</summary>
    private const int CountBits = 16;

    private readonly Dictionary<ExitTail, Label> _tails = [];

    /// <summary>What was not as the region assumes where control goes to <see cref="_unusual"/>.</summary>
    private readonly LocalBuilder _exitMissed;

    /// <summary>The way out to the interpreter for an instruction: for want of a way to go on, or because something is not as the region assumes.</summary>
    private readonly Label _unusual;

    /// <summary>The same for those that note the address and the count together.</summary>
    private readonly Label _unusualPacked;

    /// <summary>The ways out that many places share; registers and flags are stored there. There are two, because what they store is much of a region's code.</summary>
    private void EmitExits()
    {
        EmitCommonExit(_leave, common: true);
        EmitHandOver();

        _il.Mark(_noBlock);
        _il.State();
        _il.Load(_exitRip);
        StoreState(nameof(CpuState.Rip));
        _il.State();
        _il.Operation();
        StoreState(nameof(CpuState.LeftFrom));
        _il.Null();
        _il.Op(OpCodes.Ret);

        _il.Mark(_unusualPacked);
        Unpack();
        EmitCommonExit(_unusual, common: false);
        _il.State();
        _il.Load(_exitRip);
        _il.Operation();
        _il.Load(_exitMissed);
        PushExtent();
        _il.Call(Method(nameof(RegionExits.Interpret)));
        _il.Op(OpCodes.Ret);
    }

    /// <param name="label">Where it is.</param>
    /// <param name="common">Whether flags are stored inline where that is simple: worth it where control often leaves.</param>
    private void EmitCommonExit(Label label, bool common)
    {
        Label stored = _il.Label();
        _il.Mark(label);
        StoreRegisters();
        StoreX87();
        _il.Load(_joinKind);
        _il.Branch(OpCodes.Brfalse, stored);
        if (common)
        {
            CallWithJoin(nameof(FlagsSpill.TryStoreCommon));
            _il.Branch(OpCodes.Brtrue, stored);
        }
        SpillJoin();
        _il.Mark(stored);
        _il.Load(_exitCount);
        ReturnFuel();
    }

    /// <summary>Pops the number of instructions since the fuel was last right, less <see cref="FuelBias"/>, and gives back what is left.</summary>
    private void ReturnFuel()
    {
        LocalBuilder count = _il.Rent(typeof(long));
        _il.Store(count);
        _il.Load(_fuel);
        _il.Load(count);
        _il.Op(OpCodes.Sub);
        _il.Store(_fuel);
        _il.Release(count);
        _il.State();
        _il.Load(_fuel);
        StoreState(nameof(CpuState.Budget));
        CountExit();
    }

    /// <summary>Goes on at the block at the address that is noted, by a jump when it is known and fuel is left.</summary>
    private void EmitHandOver()
    {
        LocalBuilder entry = _il.Rent(typeof(nint));
        LoadState(nameof(CpuState.BlockTable));
        _il.Load(_exitRip);
        _il.Load(_exitRip);
        _il.Int32(BlockEntry.Bits);
        _il.Op(OpCodes.Shr_Un);
        _il.Op(OpCodes.Xor);
        _il.Int64((1 << BlockEntry.Bits) - 1);
        _il.Op(OpCodes.And);
        _il.Int32(BitOperations.Log2((uint)sizeof(BlockEntry)));
        _il.Op(OpCodes.Shl);
        _il.Op(OpCodes.Conv_U);
        _il.Op(OpCodes.Add);
        _il.Store(entry);
        EmitJump(entry);
        _il.Release(entry);
    }

    /// <summary>Goes on at a block whose address is known now, and noted.</summary>
    private void EmitHandOver(ulong address)
    {
        LocalBuilder entry = _il.Rent(typeof(nint));
        LoadState(nameof(CpuState.BlockTable));
        _il.Int32((int)BlockEntry.Slot(address) * sizeof(BlockEntry));
        _il.Op(OpCodes.Add);
        _il.Store(entry);
        EmitJump(entry);
        _il.Release(entry);
    }

    /// <summary>
    /// Jumps to what the table has for a block if it is the wanted one: the region that is entered there, or a return to the dispatcher's loop. The fuel bounds the chain of
    /// such jumps.
    /// </summary>
    private void EmitJump(LocalBuilder entry)
    {
        _il.Load(entry);
        _il.Field(OpCodes.Ldfld, typeof(BlockEntry).GetField(nameof(BlockEntry.Rip))!);
        _il.Load(_exitRip);
        _il.Branch(OpCodes.Bne_Un, _noBlock);
        _il.Load(_fuel);
        _il.Int64(0);
        _il.Branch(OpCodes.Ble, _noBlock);
        _il.State();
        _il.Load(entry);
        _il.Field(OpCodes.Ldfld, typeof(BlockEntry).GetField(nameof(BlockEntry.Index))!);
        StoreState(nameof(CpuState.EntryIndex));
        _il.State();
        _il.Load(entry);
        _il.Field(OpCodes.Ldfld, typeof(BlockEntry).GetField(nameof(BlockEntry.First))!);
        _il.Load(entry);
        _il.Field(OpCodes.Ldfld, typeof(BlockEntry).GetField(nameof(BlockEntry.Code))!);
        _il.TailCallPointer(typeof(Operation*), typeof(CpuState*), typeof(Operation*));
    }

    /// <summary>Notes the address that control leaves to, or that and a count in one (see <see cref="Pack"/>).</summary>
    private void NoteExit(ulong noted)
    {
        _il.Int64(noted);
        _il.Store(_exitRip);
    }

    /// <summary>A label that leaves to an address.</summary>
    /// <param name="address">Where control goes on; noted first.</param>
    /// <param name="rest">Emits the rest, out of line.</param>
    private Label ExitTo(ulong address, Action rest)
    {
        Label noted = _il.Label();
        Label label = _il.ExitLabel(() =>
        {
            NoteExit(address);
            _il.Branch(OpCodes.Br, noted);
        });
        _stubs.Enqueue(() =>
        {
            _il.Mark(noted);
            rest();
        });
        return label;
    }

    /// <summary>Leaves to an address, so many instructions after the fuel was last right, through one of the region's ways out.</summary>
    private void EmitLeave(TranslationState state, ulong address, int pending, Label wayOut)
    {
        NoteExit(address);
        EmitLeave(state, pending, wayOut);
    }

    /// <summary>Leaves to the address that is noted.</summary>
    private void EmitLeave(TranslationState state, int pending, Label wayOut)
    {
        MoveOut(state);
        EmitLeave(pending, wayOut);
    }

    /// <summary>Leaves to the address that is noted, when what the common tail stores is where it expects it.</summary>
    private void EmitLeave(int pending, Label wayOut)
    {
        _il.Int64((ulong)(pending - FuelBias));
        _il.Store(_exitCount);
        _il.Branch(OpCodes.Br, wayOut);
    }

    /// <summary>Has the interpreter go on at the address that is noted, so many instructions after the fuel was last right.</summary>
    /// <param name="pending">The instructions.</param>
    /// <param name="missed">What is not as the region assumes.</param>
    private void EmitUnusual(int pending, Assumptions missed)
    {
        NoteMissed(missed);
        EmitLeave(pending, _unusual);
    }

    /// <summary>The same when what the common tail stores is not where it expects it yet.</summary>
    private void EmitUnusual(TranslationState state, int pending, Assumptions missed)
    {
        MoveOut(state);
        EmitUnusual(pending, missed);
    }

    private void NoteMissed(Assumptions missed)
    {
        _il.Int32((int)missed);
        _il.Store(_exitMissed);
    }

    /// <summary>Leaves to a block that is elsewhere.</summary>
    private void EmitOutside(TranslationState state, ulong address)
    {
        NoteExit(address);
        EmitOutsideNoted(state, address);
    }

    /// <summary>The same when its address is noted.</summary>
    private void EmitOutsideNoted(TranslationState state, ulong address)
    {
        if (_region.HotExits.Contains(address) && CanStoreFlags(state.Flags))
        {
            // Often taken: all of its own, and only what has changed is stored.
            StoreFlags(state.Flags);
            AddToStack(state.StackOffset);
            StoreRegisters(state.DirtyGprs, state.DirtyVectors);
            NoteX87(state.X87);
            StoreX87();
            _il.Int64((ulong)(state.Pending - FuelBias));
            ReturnFuel();
            EmitHandOver(address);
            return;
        }
        EmitLeave(state, state.Pending, _leave);
    }

    /// <summary>At an exit: puts what the common tail stores where it expects it.</summary>
    private void MoveOut(TranslationState state)
    {
        MoveToJoin(state.Flags);
        AddToStack(state.StackOffset);
        StoreRegisters(state.DirtyGprs & _visiting, 0);
        NoteX87(state.X87);
    }

    /// <summary>Whether flags can be stored in the CpuState's lazy form without a call.</summary>
    private static bool CanStoreFlags(FlagsState flags) =>
        flags.Change is null && (flags.InMemory || flags.Form is FlagsForm.Dead or FlagsForm.Memory or FlagsForm.Add or FlagsForm.Sub or FlagsForm.Logic);

    private void StoreFlags(FlagsState flags)
    {
        if (flags.InMemory || flags.Form is FlagsForm.Dead or FlagsForm.Memory)
            return;
        int size = SizeBits(flags.Width);
        FlagsKind kind = flags.Form switch { FlagsForm.Add => FlagsKind.Add8, FlagsForm.Sub => FlagsKind.Sub8, _ => FlagsKind.Logic8 };
        _il.State();
        _il.Int32((int)kind + size);
        StoreState(nameof(CpuState.LazyKind));
        _il.State();
        PushR(flags);
        _il.Op(OpCodes.Conv_I8);
        StoreState(nameof(CpuState.LazyResult));
        if (kind == FlagsKind.Logic8)
            return;
        _il.State();
        PushA(flags, signed: false);
        Widen(flags.Width);
        StoreState(nameof(CpuState.LazyA));
        _il.State();
        PushB(flags, signed: false);
        Widen(flags.Width);
        StoreState(nameof(CpuState.LazyB));
    }

    /// <summary>A label that leaves before the current instruction, for the interpreter to execute it.</summary>
    private Label SlowExit() => ExitBefore(Assumptions.None);

    /// <summary>A label that leaves before the current instruction, or before the stretch of floats that it is in.</summary>
    /// <param name="missed">What is not as the region assumes.</param>
    private Label ExitBefore(Assumptions missed) => ExitBefore(_at, missed);

    /// <summary>The same with what is known given, instead of what is known now.</summary>
    private Label ExitBefore(TranslationState state, Assumptions missed)
    {
        Label tail = TailOf(state, missed);
        ulong noted = Pack(_stretch?.Rip ?? _instruction.Decoded.IP, (_stretch?.Pending ?? state.Pending) - FuelBias);
        (LocalBuilder Register, LocalBuilder Before)[] saved = _stretch?.Saved.ToArray() ?? [];
        Iced.Intel.Mnemonic mnemonic = _instruction.Decoded.Mnemonic;
        return _il.ExitLabel(() =>
        {
            CountSlowExit(mnemonic);
            foreach ((LocalBuilder register, LocalBuilder before) in saved)
            {
                _il.Load(before);
                _il.Store(register);
            }
            NoteExit(noted);
            _il.Branch(OpCodes.Br, tail);
        });
    }

    /// <summary>
    /// The rest of such an exit, which those share that have the flags and everything else in the same places. There is an exit for each access to memory, and what they refer to and how many blocks
    /// they are counts for the JIT.
    /// </summary>
    private Label TailOf(TranslationState state, Assumptions missed)
    {
        ExitTail key = new(state.Flags, state.StackOffset, state.DirtyGprs & _visiting, state.X87, missed);
        if (_tails.TryGetValue(key, out Label tail))
            return tail;
        tail = _il.Label();
        _tails.Add(key, tail);
        _stubs.Enqueue(() =>
        {
            _il.Mark(tail);
            MoveOut(state);
            NoteMissed(missed);
            _il.Branch(OpCodes.Br, _unusualPacked);
        });
        return tail;
    }

    /// <summary>An address and a number of instructions in one: of a canonical address the upper 16 bits follow from the others.</summary>
    private static ulong Pack(ulong rip, int count)
    {
        if ((ulong)((long)rip << CountBits >> CountBits) != rip || (short)count != count)
            throw new InvalidOperationException("an address that is not canonical, or a block that is too long");
        return rip << CountBits >> CountBits | (ulong)count << 64 - CountBits;
    }

    /// <summary>Takes apart what is in the place of the noted address.</summary>
    private void Unpack()
    {
        _il.Load(_exitRip);
        _il.Int32(64 - CountBits);
        _il.Op(OpCodes.Shr);
        _il.Store(_exitCount);
        _il.Load(_exitRip);
        _il.Int32(CountBits);
        _il.Op(OpCodes.Shl);
        _il.Int32(CountBits);
        _il.Op(OpCodes.Shr);
        _il.Store(_exitRip);
    }

    /// <summary>What the way from an exit before an instruction to the common way out depends on, but for its address and the instructions since the fuel was last right.</summary>
    /// <param name="Flags">The status flags.</param>
    /// <param name="StackOffset">See <see cref="TranslationState.StackOffset"/>.</param>
    /// <param name="Visitors">Visiting registers that are newer than the CpuState.</param>
    /// <param name="X87">The x87 stack.</param>
    /// <param name="Missed">What is not as the region assumes.</param>
    private readonly record struct ExitTail(FlagsState Flags, long StackOffset, uint Visitors, X87State? X87, Assumptions Missed);
}
