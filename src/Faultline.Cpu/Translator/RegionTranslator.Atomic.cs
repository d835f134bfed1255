using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// LOCK forms, XCHG, XADD and CMPXCHG with memory: the host's atomics on the host's address. Operands that cross a page, or that the host cannot do at once, are the interpreter's.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>A read-modify-write under LOCK.</summary>
    /// <returns>False for what the host has no atomic for.</returns>
    private bool EmitLocked(InstructionForm form, Mnemonic mnemonic)
    {
        int width = form.Width;
        if (width < 4)
            return false;
        switch (form.Shape)
        {
            case FormShape.Rmw when mnemonic is Mnemonic.Add or Mnemonic.Sub:
                EmitLockedAdd(width, mnemonic == Mnemonic.Add);
                return true;
            case FormShape.Rmw when mnemonic is Mnemonic.And or Mnemonic.Or:
                EmitLockedLogic(width, mnemonic == Mnemonic.And);
                return true;
            case FormShape.Modify when mnemonic is Mnemonic.Inc or Mnemonic.Dec:
                EmitLockedCount(width, mnemonic == Mnemonic.Inc);
                return true;
            default:
                return false;
        }
    }

    private void EmitLockedAdd(int width, bool add)
    {
        LocalBuilder host = HostOfAtomic(width);
        FlagsSource b = KeepOperand1(width, mustCopy: false);
        _il.Load(host);
        PushSource(b, width, signed: false);
        if (!add)
            _il.Op(OpCodes.Neg);
        _il.Call(AtomicMethod(nameof(Interlocked.Add), width, 1));
        SetResultFlags(new FlagsState(add ? FlagsForm.Add : FlagsForm.Sub, width) { B = b, R = PopToResult(width) }, false);
        _il.Release(host);
    }

    private void EmitLockedLogic(int width, bool and)
    {
        LocalBuilder host = HostOfAtomic(width);
        _il.Load(host);
        PushOperand1(width);
        _il.Call(AtomicMethod(and ? nameof(Interlocked.And) : nameof(Interlocked.Or), width, 1));
        if (FlagsNeeded)
        {
            PushOperand1(width);
            _il.Op(and ? OpCodes.And : OpCodes.Or);
            SetFlags(new FlagsState(FlagsForm.Logic, width) { R = PopToResult(width) });
        }
        else
        {
            _il.Op(OpCodes.Pop);
            SetFlags(FlagsState.Dead);
        }
        _il.Release(host);
    }

    private void EmitLockedCount(int width, bool up)
    {
        LocalBuilder host = HostOfAtomic(width);
        bool carryNeeded = (_instruction.NeededAfter & FlagSet.Carry) != 0;
        FlagsSource? carry = KeepCarry();
        _il.Load(host);
        PushConstant(up ? 1 : ulong.MaxValue, width, signed: true);
        _il.Call(AtomicMethod(nameof(Interlocked.Add), width, 1));
        FlagsSource r = PopToResult(width);
        if (FlagsNeeded || carryNeeded)
            SetFlags(new FlagsState(up ? FlagsForm.Inc : FlagsForm.Dec, width) { R = r, Carry = carryNeeded ? carry : FlagsSource.Of(0) });
        else
            SetFlags(FlagsState.Dead);
        _il.Release(host);
    }

    /// <summary>XCHG with memory, atomic with or without LOCK.</summary>
    private bool EmitExchangeMemory(int width)
    {
        LocalBuilder host = HostOfAtomic(width);
        _il.Load(host);
        PushGpr(_instruction.Op.Op1, width);
        _il.Call(AtomicMethod(nameof(Interlocked.Exchange), width, 1));
        PopGpr(_instruction.Op.Op1, width);
        _il.Release(host);
        return true;
    }

    /// <summary>XADD with memory.</summary>
    private bool EmitExchangeAdd(int width)
    {
        if (width < 4 || !HasMemory0)
            return false;
        LocalBuilder host = HostOfAtomic(width);
        FlagsSource b = KeepOperand1(width, mustCopy: true);
        _il.Load(host);
        PushSource(b, width, signed: false);
        _il.Call(AtomicMethod(nameof(Interlocked.Add), width, 1));
        FlagsSource sum = PopToResult(width);
        SetResultFlags(new FlagsState(FlagsForm.Add, width) { B = b, R = sum }, false);
        PushSource(sum, width, signed: false);
        PushSource(b, width, signed: false);
        _il.Op(OpCodes.Sub);
        PopGpr(_instruction.Op.Op1, width);
        _il.Release(host);
        return true;
    }

    /// <summary>CMPXCHG with memory: the accumulator takes what was found unless that was expected, when a 32-bit one keeps even its upper half.</summary>
    private bool EmitCompareExchange(int width)
    {
        if (!HasMemory0)
            return false;
        LocalBuilder host = HostOfAtomic(width), accumulator = RentInteger(8);
        _il.Load(host);
        PushGpr(_instruction.Op.Op1, width);
        DetachNarrow(width);
        PushGpr(Rax, width);
        DetachNarrow(width);
        _il.Call(AtomicMethod(nameof(Interlocked.CompareExchange), width, 2));
        Widen(width);
        _flagsB ??= _il.Local(typeof(ulong));
        _il.Store(_flagsB);
        FlagsSource found = FlagsSource.Of(_flagsB), expected = FlagsSource.Of(Gpr(Rax));
        if (width == 4)
        {
            System.Reflection.Emit.Label same = _il.Label();
            _il.Load(Gpr(Rax));
            _il.Store(accumulator);
            PushSource(found, 4, signed: false);
            PushGpr(Rax, 4);
            _il.Branch(OpCodes.Beq, same);
            _il.Load(_flagsB);
            _il.Store(accumulator);
            _il.Mark(same);
            SetResultFlags(new FlagsState(FlagsForm.Sub, width) { A = expected, B = found }, false);
            _il.Load(accumulator);
            PopGpr(Rax, 8);
        }
        else
        {
            SetResultFlags(new FlagsState(FlagsForm.Sub, width) { A = expected, B = found }, false);
            PushSource(found, width, signed: false);
            PopGpr(Rax, width);
        }
        _il.Release(host);
        _il.Release(accumulator);
        return true;
    }

    /// <summary>Pops a result into the local for it.</summary>
    private FlagsSource PopToResult(int width)
    {
        Widen(width);
        _flagsR ??= _il.Local(typeof(ulong));
        _il.Store(_flagsR);
        return FlagsSource.Of(_flagsR);
    }

    /// <summary>Leaves the host address of operand 0, on which the host has atomics, in a local.</summary>
    private LocalBuilder HostOfAtomic(int width)
    {
        LocalBuilder host = PushHostOfMemory0(width);
        if (!X86Base.IsSupported && width > 1)
        {
            _il.Load(host);
            _il.Int32(width - 1);
            _il.Op(OpCodes.And);
            _il.Branch(OpCodes.Brtrue, SlowExit());
        }
        return host;
    }

    /// <summary>A method of Interlocked on an unsigned integer of a width, with so many operands beside the address.</summary>
    private static MethodInfo AtomicMethod(string name, int width, int operands)
    {
        Type type = IntegerType(width);
        return typeof(Interlocked).GetMethod(name, [type.MakeByRefType(), .. Enumerable.Repeat(type, operands)]) ?? throw new MissingMethodException(nameof(Interlocked), name);
    }
}
