using System.Numerics;
using System.Reflection.Emit;
using Faultline.Cpu.State;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Conditions: comparisons of what the flags follow from where that is known, calls of the body otherwise.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Pushes a condition as 0 or 1.</summary>
    private void PushCondition(ConditionCode condition, nint body)
    {
        FlagsState flags = _at.Flags;
        bool negated = condition is ConditionCode.ae or ConditionCode.be or ConditionCode.ge or ConditionCode.le or ConditionCode.ne or ConditionCode.no;
        if (IsSubCondition(flags, condition))
        {
            PushOperandsOf(flags, condition);
            _il.Op(condition switch
            {
                ConditionCode.b or ConditionCode.ae => OpCodes.Clt_Un,
                ConditionCode.be or ConditionCode.a => OpCodes.Cgt_Un,
                ConditionCode.l or ConditionCode.ge => OpCodes.Clt,
                ConditionCode.le or ConditionCode.g => OpCodes.Cgt,
                _ => OpCodes.Ceq,
            });
            NegateIf(negated);
        }
        else if (condition is ConditionCode.b or ConditionCode.ae && IsCarryKnown(flags))
        {
            PushCarry(flags);
            NegateIf(negated);
        }
        else if (IsSignOfResult(flags, condition))
        {
            PushR(flags);
            PushConstant(0, flags.Width, signed: false);
            _il.Op(condition switch
            {
                ConditionCode.e or ConditionCode.ne => OpCodes.Ceq,
                ConditionCode.le or ConditionCode.g => OpCodes.Cgt,
                _ => OpCodes.Clt,
            });
            NegateIf(negated || condition == ConditionCode.ns);
        }
        else if (CanCompare(condition))
        {
            Label holds = _il.Label(), end = _il.Label();
            BranchIf(condition, body, holds);
            _il.Int32(0);
            _il.Branch(OpCodes.Br, end);
            _il.Mark(holds);
            _il.Int32(1);
            _il.Mark(end);
        }
        else
        {
            CallCondition(body);
        }

        void NegateIf(bool negate)
        {
            if (!negate)
                return;
            _il.Int32(0);
            _il.Op(OpCodes.Ceq);
        }
    }

    /// <summary>Whether a condition is a comparison of the result with 0.</summary>
    private bool IsSignOfResult(FlagsState flags, ConditionCode condition) => flags.Change is null && CanCompare(condition)
        && flags.Form is FlagsForm.Add or FlagsForm.Sub or FlagsForm.Logic or FlagsForm.Inc or FlagsForm.Dec or FlagsForm.Shl or FlagsForm.Shr or FlagsForm.Sar
            or FlagsForm.Adc or FlagsForm.Sbb
        && (condition is ConditionCode.e or ConditionCode.ne or ConditionCode.s or ConditionCode.ns
            || (flags.Form == FlagsForm.Logic && condition is ConditionCode.l or ConditionCode.ge or ConditionCode.le or ConditionCode.g));

    /// <summary>Branches when a condition holds.</summary>
    private void BranchIf(ConditionCode condition, nint body, Label target)
    {
        if (!CanCompare(condition))
        {
            CallCondition(body);
            _il.Branch(OpCodes.Brtrue, target);
            return;
        }
        FlagsState flags = _at.Flags;
        if (flags is { Form: FlagsForm.Compare, Change: null })
        {
            // Neither operand is a NaN, so that PF is clear.
            if (condition == ConditionCode.np)
                _il.Branch(OpCodes.Br, target);
            else if (condition != ConditionCode.p)
                BranchIfCompared(condition, target);
            return;
        }
        if (IsSubCondition(flags, condition))
        {
            PushOperandsOf(flags, condition);
            _il.Branch(condition switch
            {
                ConditionCode.b => OpCodes.Blt_Un,
                ConditionCode.ae => OpCodes.Bge_Un,
                ConditionCode.be => OpCodes.Ble_Un,
                ConditionCode.a => OpCodes.Bgt_Un,
                ConditionCode.l => OpCodes.Blt,
                ConditionCode.ge => OpCodes.Bge,
                ConditionCode.le => OpCodes.Ble,
                ConditionCode.g => OpCodes.Bgt,
                ConditionCode.e => OpCodes.Beq,
                _ => OpCodes.Bne_Un,
            }, target);
            return;
        }
        switch (condition)
        {
            case ConditionCode.b:
            case ConditionCode.ae:
                BranchIfCarry(flags, condition == ConditionCode.b, target);
                return;
            case ConditionCode.o:
            case ConditionCode.no:
                PushOverflow(flags);
                _il.Branch(condition == ConditionCode.o ? OpCodes.Brtrue : OpCodes.Brfalse, target);
                return;
            case ConditionCode.p:
            case ConditionCode.np:
                PushR(flags);
                _il.Op(OpCodes.Conv_U1);
                _il.Call(typeof(BitOperations).GetMethod(nameof(BitOperations.PopCount), [typeof(uint)])!);
                _il.Int32(1);
                _il.Op(OpCodes.And);
                _il.Branch(condition == ConditionCode.p ? OpCodes.Brfalse : OpCodes.Brtrue, target);
                return;
            case ConditionCode.be when flags.Form != FlagsForm.Logic || flags.Change is not null:
                BranchIf(ConditionCode.b, body, target);
                BranchIf(ConditionCode.e, body, target);
                return;
            case ConditionCode.a when flags.Form != FlagsForm.Logic || flags.Change is not null:
                Label below = _il.Label();
                BranchIf(ConditionCode.b, body, below);
                BranchIf(ConditionCode.ne, body, target);
                _il.Mark(below);
                return;
        }
        if (flags.Change?.Counted is { } counted)
        {
            PushSource(counted, flags.Width, signed: true);
            CompareWithZero(flags.Width, condition, target);
            return;
        }
        if (flags.Form == FlagsForm.Scan)
            PushA(flags, signed: true);
        else
            PushR(flags);
        CompareWithZero(flags.Width, condition, target);
    }

    /// <summary>Branches when the signed result on the stack says that a condition holds; CF and OF are clear.</summary>
    private void CompareWithZero(int width, ConditionCode condition, Label target)
    {
        PushConstant(0, width, signed: false);
        _il.Branch(condition switch
        {
            ConditionCode.e or ConditionCode.be => OpCodes.Beq,
            ConditionCode.ne or ConditionCode.a => OpCodes.Bne_Un,
            ConditionCode.s or ConditionCode.l => OpCodes.Blt,
            ConditionCode.ns or ConditionCode.ge => OpCodes.Bge,
            ConditionCode.le => OpCodes.Ble,
            _ => OpCodes.Bgt,
        }, target);
    }

    private void BranchIfCarry(FlagsState flags, bool set, Label target)
    {
        if (flags is { Form: FlagsForm.Add, Change: null or { LastCarry: null } })
        {
            // A carry out shows as a sum below the addend.
            PushR(flags);
            PushConversion(flags.Width, signed: false);
            PushB(flags, signed: false);
            _il.Branch(set ? OpCodes.Blt_Un : OpCodes.Bge_Un, target);
            return;
        }
        PushCarry(flags);
        _il.Branch(set ? OpCodes.Brtrue : OpCodes.Brfalse, target);
    }

    /// <summary>Pushes OF: zero when it is clear.</summary>
    private void PushOverflow(FlagsState flags)
    {
        if (flags.Change?.Overflow is { } change)
        {
            PushOverflowOf(change);
            return;
        }
        switch (flags.Form)
        {
            case FlagsForm.Add:
            case FlagsForm.Adc:
                // Both operands have a sign that the result has not.
                PushA(flags, signed: false);
                PushR(flags);
                _il.Op(OpCodes.Xor);
                PushB(flags, signed: false);
                PushR(flags);
                break;
            case FlagsForm.Sub:
            case FlagsForm.Sbb:
                // The operands' signs differ and the result has not that of the first.
                PushA(flags, signed: false);
                PushR(flags);
                _il.Op(OpCodes.Xor);
                PushA(flags, signed: false);
                PushB(flags, signed: false);
                break;
            case FlagsForm.Inc:
            case FlagsForm.Dec:
                ulong least = 1UL << (flags.Width * 8 - 1);
                PushSource(flags.R!.Value, flags.Width, signed: false);
                PushConstant(flags.Form == FlagsForm.Inc ? least : least - 1, flags.Width, signed: false);
                _il.Op(OpCodes.Ceq);
                return;
            default:
                _il.Int32(0);
                return;
        }
        _il.Op(OpCodes.Xor);
        _il.Op(OpCodes.And);
        PushBit(flags.Width, flags.Width * 8 - 1);
    }

    /// <summary>Whether a condition is one comparison of two operands.</summary>
    private static bool IsSubCondition(FlagsState flags, ConditionCode condition)
    {
        bool signed = condition is ConditionCode.l or ConditionCode.ge or ConditionCode.le or ConditionCode.g;
        bool unsigned = condition is ConditionCode.b or ConditionCode.ae or ConditionCode.be or ConditionCode.a;
        if (flags.Change is { } change
            && (change.HasOthers || (unsigned && change.LastCarry is not null) || (signed && change.Overflow is not null)))
            return false;
        return flags.Form switch
        {
            FlagsForm.Sub => signed || unsigned || condition is ConditionCode.e or ConditionCode.ne,
            FlagsForm.Inc or FlagsForm.Dec => signed,
            FlagsForm.Add => signed && (flags.Width < 8 || (flags.B is { Local: null, Constant: not (0 or 1UL << 63) })),
            _ => false,
        };
    }

    /// <summary>Pushes the two operands whose comparison is a condition.</summary>
    private void PushOperandsOf(FlagsState flags, ConditionCode condition)
    {
        bool signed = condition is ConditionCode.l or ConditionCode.ge or ConditionCode.le or ConditionCode.g;
        switch (flags.Form)
        {
            case FlagsForm.Sub:
                PushA(flags, signed);
                PushB(flags, signed);
                break;
            case FlagsForm.Add when flags.Width < 8:
                // The sum without loss, against 0.
                PushA(flags, signed: true);
                _il.Op(OpCodes.Conv_I8);
                PushB(flags, signed: true);
                _il.Op(OpCodes.Conv_I8);
                _il.Op(OpCodes.Add);
                _il.Int64(0);
                break;
            case FlagsForm.Add:
                PushA(flags, signed: true);
                _il.Int64(0 - flags.B!.Value.Constant);
                break;
            default:
                // What was counted up or down against what it would have to be for 0.
                PushSource(flags.R!.Value, flags.Width, signed: true);
                PushConstant(1, flags.Width, signed: true);
                _il.Op(flags.Form == FlagsForm.Inc ? OpCodes.Sub : OpCodes.Add);
                PushConversion(flags.Width, signed: true);
                PushConstant(flags.Form == FlagsForm.Inc ? ulong.MaxValue : 1, flags.Width, signed: true);
                break;
        }
    }

    /// <summary>Whether a condition needs no more than what the flags follow from.</summary>
    private bool CanCompare(ConditionCode condition)
    {
        FlagsState flags = _at.Flags;
        FlagsChange? change = flags.Change;
        if (IsSubCondition(flags, condition))
            return true;
        if (flags is { Form: FlagsForm.Compare, Change: null })
        {
            return condition is ConditionCode.b or ConditionCode.ae or ConditionCode.be or ConditionCode.a or ConditionCode.e or ConditionCode.ne
                or ConditionCode.p or ConditionCode.np;
        }
        bool hasResult = change?.HasOthers != true && flags.Form is FlagsForm.Add or FlagsForm.Sub or FlagsForm.Logic or FlagsForm.Inc or FlagsForm.Dec
            or FlagsForm.Shl or FlagsForm.Shr or FlagsForm.Sar or FlagsForm.Adc or FlagsForm.Sbb;
        bool hasZero = hasResult || change is { Counted: not null } || (change?.HasOthers != true && flags.Form is FlagsForm.Scan or FlagsForm.Population);
        return condition switch
        {
            ConditionCode.e or ConditionCode.ne => hasZero,
            ConditionCode.s or ConditionCode.ns or ConditionCode.p or ConditionCode.np => hasResult,
            ConditionCode.b or ConditionCode.ae => IsCarryKnown(flags),
            ConditionCode.be or ConditionCode.a => hasZero && IsCarryKnown(flags),
            ConditionCode.o or ConditionCode.no => change?.Overflow is not null || flags.Form is FlagsForm.Add or FlagsForm.Sub or FlagsForm.Logic or FlagsForm.Inc or FlagsForm.Dec
                or FlagsForm.Adc or FlagsForm.Sbb,
            _ => hasResult && flags.Form == FlagsForm.Logic && change?.Overflow is null,
        };
    }

    private void CallCondition(nint body)
    {
        SpillFlags();
        _il.State();
        CallBody(body, typeof(bool), typeof(CpuState*));
    }
}
