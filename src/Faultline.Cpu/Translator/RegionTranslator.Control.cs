using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Branches and the edges between blocks.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Emits the block's last instruction when it is a branch.</summary>
    /// <returns>False when it is not.</returns>
    private bool EmitBranch(RegionBlock? following)
    {
        InstructionForm form = _instruction.Form;
        switch (form.Shape)
        {
            case FormShape.ConditionalJump:
                EmitConditionalJump(following);
                return true;
            case FormShape.Jump:
                CountInstruction();
                EmitEdge(_block.Taken, _instruction.Op.Immediate, following);
                return true;
            case FormShape.Call:
                EmitPushReturn();
                CountInstruction();
                EmitEdge(_block.Taken, _instruction.Op.Immediate, following);
                return true;
            case FormShape.JumpIndirect:
            case FormShape.CallIndirect:
                EmitIndirect();
                return true;
            case FormShape.Return:
                EmitReturn();
                return true;
        }
        if (form.Class is not (InstructionClass.Branch or InstructionClass.System))
            return false;
        _il.Branch(OpCodes.Br, SlowExit());
        return true;
    }

    private void CountInstruction() => _at = _at with { Pending = _at.Pending + 1 };

    private void EmitConditionalJump(RegionBlock? following)
    {
        Instruction decoded = _instruction.Decoded;
        nint body = _instruction.Form.Body;
        CountInstruction();
        if (!decoded.IsJccShortOrNear)
        {
            // LOOP and JRCXZ: the body counts in the CpuState.
            if (decoded.RflagsRead != 0)
                SpillFlags();
            StoreGpr(1);
            _il.State();
            CallBody(body, typeof(bool), typeof(CpuState*));
            KeepFlagsSource(_gprs[1]!);
            LoadGpr(1);
            Label taken = _il.Label();
            _il.Branch(OpCodes.Brtrue, taken);
            TranslationState saved = _at;
            EmitEdge(_block.Next, _instruction.Next, null);
            _at = saved;
            _il.Mark(taken);
            EmitEdge(_block.Taken, _instruction.Op.Immediate, following);
            return;
        }

        ConditionCode condition = decoded.ConditionCode;
        if (_block.Taken is { } target && IsDirect(target))
        {
            BranchIf(condition, body, target.Label);
            Pass(target);
            EmitEdge(_block.Next, _instruction.Next, following);
            return;
        }
        if (_block.Taken is null)
        {
            // Outside: out of line.
            TranslationState state = null!;
            ulong address = _instruction.Op.Immediate;
            BranchIf(condition, body, ExitTo(address, () => EmitOutsideNoted(state, address)));
            state = _at;
            EmitEdge(_block.Next, _instruction.Next, following);
            return;
        }

        Label next = _il.Label();
        BranchIf(Negate(condition), Negated(condition), next);
        TranslationState before = _at;
        EmitEdge(_block.Taken, _instruction.Op.Immediate, null);
        _at = before;
        _il.Mark(next);
        EmitEdge(_block.Next, _instruction.Next, following);
    }

    /// <summary>Goes on at a block of the region or outside.</summary>
    /// <param name="target">The block; null outside.</param>
    /// <param name="address">Its guest address.</param>
    /// <param name="following">The block whose code comes next, if there is one.</param>
    private void EmitEdge(RegionBlock? target, ulong address, RegionBlock? following)
    {
        if (target is null)
        {
            EmitOutside(_at, address);
            return;
        }
        if (Inherits(target))
        {
            Pass(target);
        }
        else
        {
            CheckFacts(target);
            if (target.NeededBefore != FlagSet.None && !TryHoldFlags(target))
                JoinFlags();
            SettleStack();
            JoinX87();
            BurnFuel(_at.Pending);
            if (target.Order <= _block.Order)
                CheckFuel(target);
        }
        if (target != following)
            _il.Branch(OpCodes.Br, target.Label);
    }

    /// <summary>Whether a block takes over what is known at the end of the current one.</summary>
    private bool Inherits(RegionBlock target) => target.Inherits(_block);

    /// <summary>Whether an edge needs no code.</summary>
    private bool IsDirect(RegionBlock target) => Inherits(target)
        || (target.Order > _block.Order && _at.Pending == 0 && _at.StackOffset == 0 && target.FactsBefore.Except(_at.Facts).IsNone && IsX87Joined && (target.NeededBefore == FlagSet.None || _at.Flags is { Form: FlagsForm.Join, Held: null }));

    private void Pass(RegionBlock target)
    {
        if (Inherits(target))
            target.Inherited = _at;
    }

    /// <summary>
    /// Inside a region the fuel is less by this than what may still be executed: a loop goes on until it is below zero, for which the subtraction in front of the test has set the
    /// host's flag.
    /// </summary>
    private const int FuelBias = 1;

    private void BurnFuel(int count)
    {
        if (count == 0)
            return;
        _il.Load(_fuel);
        _il.Int64((ulong)count);
        _il.Op(OpCodes.Sub);
        _il.Store(_fuel);
    }

    /// <summary>On the way back: when the fuel is spent, leaves to the target with everything stored.</summary>
    private void CheckFuel(RegionBlock target)
    {
        TranslationState state = _at;
        _il.Load(_fuel);
        _il.Int64(0);
        _il.Branch(OpCodes.Blt, ExitTo(target.Start, () => EmitLeave(state, 0, _leave)));
    }

    private void EmitPushReturn()
    {
        PushHostOfStack(StackPointer * 8, -8, write: true);
        _il.Int64(_instruction.Next);
        StoreInteger(8);
        MoveStack(-8);
    }

    private void EmitReturn()
    {
        LocalBuilder target = _il.Rent(typeof(ulong));
        PushHostOfStack(StackPointer * 8, 0, write: false);
        LoadInteger(8);
        _il.Store(target);
        long popped = 8 + (long)_instruction.Op.Immediate;
        MoveStack(popped);
        CountInstruction();
        EmitDispatch(target, popped);
        _il.Release(target);
    }

    private void EmitIndirect()
    {
        LocalBuilder target = _il.Rent(typeof(ulong));
        if ((_instruction.Op.Flags & AnyMemory) != 0)
            PushMemory(8);
        else
            PushGpr(_instruction.Op.Op0, 8);
        _il.Store(target);
        bool pushes = _instruction.Form.Shape == FormShape.CallIndirect;
        if (pushes)
        {
            // Before it stores.
            EmitTargetCheck(target, SlowExit());
            EmitPushReturn();
        }
        CountInstruction();
        EmitDispatch(target, pushes ? null : 0);
        _il.Release(target);
    }

    private static ConditionCode Negate(ConditionCode condition) => condition switch
    {
        ConditionCode.o => ConditionCode.no,
        ConditionCode.no => ConditionCode.o,
        ConditionCode.b => ConditionCode.ae,
        ConditionCode.ae => ConditionCode.b,
        ConditionCode.e => ConditionCode.ne,
        ConditionCode.ne => ConditionCode.e,
        ConditionCode.be => ConditionCode.a,
        ConditionCode.a => ConditionCode.be,
        ConditionCode.s => ConditionCode.ns,
        ConditionCode.ns => ConditionCode.s,
        ConditionCode.p => ConditionCode.np,
        ConditionCode.np => ConditionCode.p,
        ConditionCode.l => ConditionCode.ge,
        ConditionCode.ge => ConditionCode.l,
        ConditionCode.le => ConditionCode.g,
        ConditionCode.g => ConditionCode.le,
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "not a condition"),
    };

    /// <summary>The body of the opposite condition.</summary>
    private static nint Negated(ConditionCode condition) => Negate(condition) switch
    {
        ConditionCode.o => (nint)(delegate*<CpuState*, bool>)&Condition.O,
        ConditionCode.no => (nint)(delegate*<CpuState*, bool>)&Condition.NO,
        ConditionCode.b => (nint)(delegate*<CpuState*, bool>)&Condition.B,
        ConditionCode.ae => (nint)(delegate*<CpuState*, bool>)&Condition.AE,
        ConditionCode.e => (nint)(delegate*<CpuState*, bool>)&Condition.E,
        ConditionCode.ne => (nint)(delegate*<CpuState*, bool>)&Condition.NE,
        ConditionCode.be => (nint)(delegate*<CpuState*, bool>)&Condition.BE,
        ConditionCode.a => (nint)(delegate*<CpuState*, bool>)&Condition.A,
        ConditionCode.s => (nint)(delegate*<CpuState*, bool>)&Condition.S,
        ConditionCode.ns => (nint)(delegate*<CpuState*, bool>)&Condition.NS,
        ConditionCode.p => (nint)(delegate*<CpuState*, bool>)&Condition.P,
        ConditionCode.np => (nint)(delegate*<CpuState*, bool>)&Condition.NP,
        ConditionCode.l => (nint)(delegate*<CpuState*, bool>)&Condition.L,
        ConditionCode.ge => (nint)(delegate*<CpuState*, bool>)&Condition.GE,
        ConditionCode.le => (nint)(delegate*<CpuState*, bool>)&Condition.LE,
        _ => (nint)(delegate*<CpuState*, bool>)&Condition.G,
    };
}
