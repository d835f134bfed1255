using System.Reflection;
using System.Reflection.Emit;
using Faultline.Cpu.State;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// x87 registers as locals: TOP and which of them are in use are known throughout (see X87Layout), so that moves, exchanges and pops cost no more than moves of locals.
internal sealed unsafe partial class RegionTranslator
{
    private readonly LocalBuilder?[] _significands = new LocalBuilder?[8];
    private readonly LocalBuilder?[] _exponents = new LocalBuilder?[8];

    /// <summary>The physical register that is slot 0.</summary>
    private LocalBuilder? _x87First;

    /// <summary>The status word at the entry, with the conditions of comparisons since.</summary>
    private LocalBuilder? _x87Status;

    /// <summary>PE of the operations since the entry, where results have it; other bits mean nothing.</summary>
    private LocalBuilder? _x87Inexact;

    /// <summary>C1, where results have it, unless it is known to be clear; other bits mean nothing.</summary>
    private LocalBuilder? _x87Up;

    // At exits: what X87Glue.Leave stores.
    private LocalBuilder? _x87At, _x87Rip;

    private static MethodInfo X87Method(string name) => typeof(X87Glue).GetMethod(name) ?? throw new MissingMethodException(nameof(X87Glue), name);

    /// <summary>At the entry: the interpreter takes over unless TOP, the tags and what is in the registers are as the region needs them, and the control word is the usual one.</summary>
    private void EmitX87Entry()
    {
        if (!_region.InlinesX87)
            return;
        FindSlots();
        _x87First = _il.Local(typeof(int));
        _x87Status = _il.Local(typeof(int));
        _x87Inexact = _il.Local(typeof(ulong));
        _x87Up = _il.Local(typeof(ulong));
        _x87At = _il.Local(typeof(int));
        _x87Rip = _il.Local(typeof(ulong));

        Dictionary<ulong, int> expected = _region.Blocks.Where(block => block.IsEntry).ToDictionary(block => block.Start, block => block.X87Before!.Packed);
        Label known = _il.Label(), usual = _il.Label();
        if (expected.Values.Distinct().Count() == 1)
        {
            SetExpected(_region.Start);
        }
        else
        {
            Label[] labels = [.. _region.Entries.Select(_ => _il.Label())];
            LoadState(nameof(CpuState.EntryIndex));
            _il.Op(OpCodes.Conv_I4);
            _il.Switch(labels);
            for (int i = 0; i < labels.Length; i++)
            {
                _il.Mark(labels[i]);
                SetExpected(_region.Entries[i]);
                _il.Branch(OpCodes.Br, known);
            }
        }
        _il.Mark(known);
        _il.State();
        _il.Load(_x87At);
        _il.Call(X87Method(nameof(X87Glue.Enter)));
        _il.Store(_x87First);
        _il.Load(_x87First);
        _il.Int32(0);
        _il.Branch(OpCodes.Bge, usual);
        _il.State();
        _il.Operation();
        _il.Call(Method(nameof(RegionExits.DeclineX87)));
        _il.Op(OpCodes.Ret);
        _il.Mark(usual);
        LoadX87Status();
        LoadSlots(0xFF);

        void SetExpected(ulong address)
        {
            _il.Int32(expected[address]);
            _il.Store(_x87At);
        }
    }

    /// <summary>Gives every slot that the region uses its locals.</summary>
    private void FindSlots()
    {
        int used = 0;
        foreach (RegionBlock block in _region.Blocks)
        {
            X87State at = block.X87Before!;
            used |= at.Known;
            foreach (RegionInstruction instruction in block.Instructions)
            {
                if (X87Effect.Of(instruction.Decoded, out _) is { } effect)
                    at = at.After(effect);
                used |= at.Known;
            }
        }
        for (int slot = 0; slot < 8; slot++)
        {
            if ((used >> slot & 1) == 0)
                continue;
            _significands[slot] = _il.Local(typeof(ulong));
            _exponents[slot] = _il.Local(typeof(uint));
        }
    }

    private void LoadX87Status()
    {
        LoadState(nameof(CpuState.X87Status));
        _il.Store(_x87Status!);
        _il.Load(_x87Status!);
        _il.Call(X87Method(nameof(X87Glue.C1)));
        _il.Store(_x87Up!);
        _il.Int64(0);
        _il.Store(_x87Inexact!);
    }

    /// <summary>Loads those slots of a mask that the region uses.</summary>
    private void LoadSlots(int mask)
    {
        for (int slot = 0; slot < 8; slot++)
        {
            if ((mask >> slot & 1) == 0 || _significands[slot] is not { } significand)
                continue;
            PushSlotAddress(slot, 0);
            _il.Op(OpCodes.Ldind_I8);
            _il.Store(significand);
            PushSlotAddress(slot, 8);
            _il.Op(OpCodes.Ldind_U2);
            _il.Store(_exponents[slot]!);
        }
    }

    private void StoreSlots()
    {
        for (int slot = 0; slot < 8; slot++)
        {
            if (_significands[slot] is not { } significand)
                continue;
            PushSlotAddress(slot, 0);
            _il.Load(significand);
            _il.Op(OpCodes.Stind_I8);
            PushSlotAddress(slot, 8);
            _il.Load(_exponents[slot]!);
            _il.Op(OpCodes.Conv_U8);
            _il.Op(OpCodes.Stind_I8);
        }
    }

    private void PushSlotAddress(int slot, int offset)
    {
        _il.StateAddress(CpuState.X87Offset(0) + offset);
        _il.Load(_x87First!);
        _il.Int32(slot);
        _il.Op(OpCodes.Add);
        _il.Int32(7);
        _il.Op(OpCodes.And);
        _il.Int32(4);
        _il.Op(OpCodes.Shl);
        _il.Op(OpCodes.Conv_I);
        _il.Op(OpCodes.Add);
    }

    /// <summary>In an exit's common tail: stores everything, TOP and tags as the exit has noted them.</summary>
    private void StoreX87()
    {
        if (!_region.InlinesX87)
            return;
        StoreSlots();
        _il.State();
        _il.Load(_x87First!);
        _il.Load(_x87At!);
        _il.Load(_x87Status!);
        _il.Load(_x87Inexact!);
        _il.Load(_x87Up!);
        _il.Load(_x87Rip!);
        _il.Call(X87Method(nameof(X87Glue.Leave)));
    }

    /// <summary>At an exit: notes for the common tail what is known here.</summary>
    private void NoteX87(X87State? x87)
    {
        if (x87 is null)
            return;
        _il.Int32(x87.Packed);
        _il.Store(_x87At!);
        _il.Int64(x87.LastRip);
        _il.Store(_x87Rip!);
        if (x87.C1Clear)
        {
            _il.Int64(0);
            _il.Store(_x87Up!);
        }
    }

    /// <summary>Whether joins need nothing but what is there.</summary>
    private bool IsX87Joined => _at.X87 is null or { C1Clear: false, LastRip: 0 };

    /// <summary>Puts C1 and the last instruction's address where joins have them.</summary>
    private void JoinX87()
    {
        if (_at.X87 is not { } x87)
            return;
        if (x87.C1Clear)
        {
            _il.Int64(0);
            _il.Store(_x87Up!);
        }
        if (x87.LastRip != 0)
        {
            _il.State();
            _il.Int64(x87.LastRip);
            StoreState(nameof(CpuState.X87InstructionPointer));
            _il.State();
            _il.Int32(Semantics.X87.X87.OpcodeInCode);
            StoreState(nameof(CpuState.X87Opcode));
        }
        _at = _at with { X87 = x87 with { C1Clear = false, LastRip = 0 } };
    }

    /// <summary>Before a handler of the interpreter, which may raise a fault or read the registers.</summary>
    private void SpillX87()
    {
        if (_at.X87 is not { } x87)
            return;
        NoteX87(x87);
        StoreX87();
        _at = _at with { X87 = x87 with { C1Clear = false, LastRip = 0 } };
    }

    /// <summary>After an x87 instruction executed on the CpuState: takes over the registers, and leaves when anything unusual has happened.</summary>
    private void ReloadX87()
    {
        if (_at.X87 is not { } x87 || X87Effect.Of(_instruction.Decoded, out _) is not { } effect)
            return;
        LoadX87Status();
        x87 = x87.After(effect);
        LoadSlots(x87.Known);
        _at = _at with { X87 = x87 };

        TranslationState state = _at;
        _il.State();
        _il.Load(_x87First!);
        _il.Int32(x87.Packed);
        _il.Call(X87Method(nameof(X87Glue.IsAsExpected)));
        _il.Branch(OpCodes.Brfalse, ExitTo(_instruction.Next, () =>
        {
            MoveToJoin(state.Flags);
            _il.Int32(-1);
            _il.Store(_x87At!);
            _il.Int64(0);
            _il.Store(_x87Rip!);
            EmitLeave(state.Pending + 1, _leave);
        }));
    }
}
