using System.Reflection.Emit;
using Faultline.Cpu.Semantics.X87;
using Faultline.Cpu.State;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// x87 instructions inline. What is not routine leaves before the instruction, through the exit that counts unusual floats.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>A number in two locals.</summary>
    private readonly record struct ExtendedLocals(LocalBuilder Significand, LocalBuilder SignExponent);

    /// <summary>Emits an x87 instruction inline.</summary>
    /// <returns>False when its body has to be called.</returns>
    private bool EmitX87()
    {
        if (_at.X87 is not { } x87 || X87Effect.Of(_instruction.Decoded, out _) is not { } effect)
            return false;
        if (x87.Contradicts(effect))
        {
            _il.Branch(OpCodes.Br, SlowExit());
            _at = _at with { X87 = x87.After(effect) };
            return true;
        }
        Instruction decoded = _instruction.Decoded;
        switch (decoded.Mnemonic)
        {
            case Mnemonic.Wait:
                return true;
            case Mnemonic.Fnop:
                _at = _at with { X87 = x87 with { LastRip = decoded.IP } };
                return true;
            case Mnemonic.Fld or Mnemonic.Fild:
                EmitX87Load(effect);
                return true;
            case Mnemonic.Fld1:
                EmitX87Constant(X87Constant.One, effect);
                return true;
            case Mnemonic.Fldz:
                EmitX87Constant(default, effect);
                return true;
            case Mnemonic.Fldl2t:
                EmitX87Constant(X87Constant.Log2Of10, effect);
                return true;
            case Mnemonic.Fldl2e:
                EmitX87Constant(X87Constant.Log2OfE, effect);
                return true;
            case Mnemonic.Fldpi:
                EmitX87Constant(X87Constant.Pi, effect);
                return true;
            case Mnemonic.Fldlg2:
                EmitX87Constant(X87Constant.Log10Of2, effect);
                return true;
            case Mnemonic.Fldln2:
                EmitX87Constant(X87Constant.LnOf2, effect);
                return true;
            case Mnemonic.Fst or Mnemonic.Fstp:
                EmitX87Store(effect);
                return true;
            case Mnemonic.Fist or Mnemonic.Fistp or Mnemonic.Fisttp:
                EmitX87StoreInteger(effect);
                return true;
            case Mnemonic.Fxch:
                EmitX87Exchange(effect);
                return true;
            case Mnemonic.Fchs or Mnemonic.Fabs:
                EmitX87Sign(decoded.Mnemonic, effect);
                return true;
            case Mnemonic.Fsqrt:
                EmitX87SquareRoot(effect);
                return true;
            case Mnemonic.Ffree:
                EndX87(effect);
                return true;
            case Mnemonic.Fcom or Mnemonic.Fcomp or Mnemonic.Fcompp or Mnemonic.Fucom or Mnemonic.Fucomp or Mnemonic.Fucompp or Mnemonic.Ficom or Mnemonic.Ficomp or Mnemonic.Ftst:
                EmitX87Compare(effect);
                return true;
            case Mnemonic.Fcomi or Mnemonic.Fcomip or Mnemonic.Fucomi or Mnemonic.Fucomip:
                EmitX87CompareFlags(effect);
                return true;
            case Mnemonic.Fcmovb or Mnemonic.Fcmove or Mnemonic.Fcmovbe or Mnemonic.Fcmovu or Mnemonic.Fcmovnb or Mnemonic.Fcmovne or Mnemonic.Fcmovnbe or Mnemonic.Fcmovnu:
                EmitX87ConditionalMove(decoded.Mnemonic, effect);
                return true;
            case Mnemonic.Fxam:
                EmitX87Examine(effect);
                return true;
            case Mnemonic.Fnstsw:
                EmitX87StoreStatus();
                return true;
            case Mnemonic.Fnstcw:
                EmitX87StoreControl();
                return true;
            case Mnemonic.Fldcw:
                EmitX87LoadControl();
                return true;
        }
        if (X87Arithmetic(decoded.Mnemonic) is var (operation, reverse))
        {
            EmitX87Arithmetic(operation, reverse, effect);
            return true;
        }
        return false;
    }

    private static (string Operation, bool Reverse)? X87Arithmetic(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Fadd or Mnemonic.Faddp or Mnemonic.Fiadd => ("Add", false),
        Mnemonic.Fmul or Mnemonic.Fmulp or Mnemonic.Fimul => ("Multiply", false),
        Mnemonic.Fsub or Mnemonic.Fsubp or Mnemonic.Fisub => ("Subtract", false),
        Mnemonic.Fsubr or Mnemonic.Fsubrp or Mnemonic.Fisubr => ("Subtract", true),
        Mnemonic.Fdiv or Mnemonic.Fdivp or Mnemonic.Fidiv => ("Divide", false),
        Mnemonic.Fdivr or Mnemonic.Fdivrp or Mnemonic.Fidivr => ("Divide", true),
        _ => null,
    };

    private ExtendedLocals Extended(int index) => ExtendedSlot(_at.X87!.Slot(index));

    private ExtendedLocals ExtendedSlot(int slot) => new(_significands[slot]!, _exponents[slot]!);

    private ExtendedLocals RentExtended() => new(_il.Rent(typeof(ulong)), _il.Rent(typeof(uint)));

    private void Release(ExtendedLocals locals)
    {
        _il.Release(locals.Significand);
        _il.Release(locals.SignExponent);
    }

    private void Push(ExtendedLocals locals)
    {
        _il.Load(locals.Significand);
        _il.Load(locals.SignExponent);
    }

    private void PushAddresses(ExtendedLocals locals)
    {
        _il.LoadAddress(locals.Significand);
        _il.LoadAddress(locals.SignExponent);
    }

    private void Move(ExtendedLocals from, ExtendedLocals to)
    {
        _il.Load(from.Significand);
        _il.Store(to.Significand);
        _il.Load(from.SignExponent);
        _il.Store(to.SignExponent);
    }

    private int StackOperand(int operand) => _instruction.Decoded.GetOpRegister(operand) - Register.ST0;

    /// <summary>Notes that the instruction is done: the stack after it, its address, and a clear C1.</summary>
    private void EndX87(X87Effect effect) =>
        _at = _at with { X87 = _at.X87!.After(effect) with { C1Clear = true, LastRip = _instruction.Decoded.IP } };

    /// <summary>The same after an operation that rounded.</summary>
    private void EndX87(X87Effect effect, LocalBuilder raised)
    {
        _il.Load(_x87Inexact!);
        _il.Load(raised);
        _il.Op(OpCodes.Or);
        _il.Store(_x87Inexact!);
        _il.Load(raised);
        _il.Store(_x87Up!);
        _at = _at with { X87 = _at.X87!.After(effect) with { C1Clear = false, LastRip = _instruction.Decoded.IP } };
    }

    /// <summary>Notes the memory operand's address, when nothing can keep the instruction from being done any more.</summary>
    private void StoreDataPointer(LocalBuilder? address)
    {
        if (address is null)
            return;
        _il.State();
        _il.Load(address);
        if (_instruction.Op.Segment != CpuState.ZeroOffset)
        {
            _il.StateAddress(_instruction.Op.Segment);
            _il.Op(OpCodes.Ldind_I8);
            _il.Op(OpCodes.Sub);
        }
        StoreState(nameof(CpuState.X87DataPointer));
        _il.Release(address);
    }

    /// <summary>Leaves the linear address of the memory operand in a local and the host address on the stack.</summary>
    private LocalBuilder PushX87Host(int size, bool write)
    {
        LocalBuilder address = _il.Rent(typeof(ulong));
        PushAddress();
        _il.Store(address);
        PushHost(size, write);
        return address;
    }

    /// <summary>Loads a memory operand as an 80-bit number; leaves before the instruction when it is neither normal nor zero.</summary>
    private LocalBuilder LoadExtended(ExtendedLocals to)
    {
        MemorySize format = _instruction.Decoded.MemorySize;
        LocalBuilder address;
        if (format == MemorySize.Float80)
        {
            address = PushX87Host(10, write: false);
            LocalBuilder host = _il.Rent(typeof(nint));
            _il.Store(host);
            _il.Load(host);
            LoadInteger(8);
            _il.Store(to.Significand);
            _il.Load(host);
            _il.Int32(8);
            _il.Op(OpCodes.Add);
            LoadInteger(2);
            _il.Store(to.SignExponent);
            _il.Release(host);
            Push(to);
            _il.Call(X87Method(nameof(X87Glue.IsOrdinary)));
            _il.Branch(OpCodes.Brfalse, X87Exit());
            return address;
        }
        int size = format.GetSize();
        address = PushX87Host(size, write: false);
        LoadInteger(size);
        if (format is MemorySize.Float64 or MemorySize.Float32)
        {
            PushAddresses(to);
            _il.Call(X87Method(size == 8 ? nameof(X87Glue.Widen64) : nameof(X87Glue.Widen32)));
            _il.Branch(OpCodes.Brfalse, X87Exit());
        }
        else
        {
            if (size == 2)
                _il.Op(OpCodes.Conv_I2);
            if (size < 8)
                _il.Op(OpCodes.Conv_I8);
            PushAddresses(to);
            _il.Call(X87Method(nameof(X87Glue.FromInteger)));
        }
        return address;
    }

    private void EmitX87Load(X87Effect effect)
    {
        if (_instruction.Decoded.Op0Kind == OpKind.Register)
        {
            Move(Extended(StackOperand(0)), Extended(-1));
            EndX87(effect);
            return;
        }
        ExtendedLocals value = RentExtended();
        StoreDataPointer(LoadExtended(value));
        Move(value, Extended(-1));
        Release(value);
        EndX87(effect);
    }

    private void EmitX87Constant(X87Constant constant, X87Effect effect)
    {
        ExtendedLocals to = Extended(-1);
        (ulong significand, int signExponent) = constant.Nearest;
        _il.Int64(significand);
        _il.Store(to.Significand);
        _il.Int32(signExponent);
        _il.Store(to.SignExponent);
        EndX87(effect);
    }

    private void EmitX87Store(X87Effect effect)
    {
        if (_instruction.Decoded.Op0Kind == OpKind.Register)
        {
            if (StackOperand(0) != 0)
                Move(Extended(0), Extended(StackOperand(0)));
            EndX87(effect);
            return;
        }
        ExtendedLocals a = Extended(0);
        LocalBuilder address;
        if (_instruction.Decoded.MemorySize == MemorySize.Float80)
        {
            address = PushX87Host(10, write: true);
            LocalBuilder host = _il.Rent(typeof(nint));
            _il.Store(host);
            _il.Load(host);
            _il.Load(a.Significand);
            StoreInteger(8);
            _il.Load(host);
            _il.Int32(8);
            _il.Op(OpCodes.Add);
            _il.Load(a.SignExponent);
            StoreInteger(2);
            _il.Release(host);
            StoreDataPointer(address);
            EndX87(effect);
            return;
        }

        bool wide = _instruction.Decoded.MemorySize == MemorySize.Float64;
        LocalBuilder bits = _il.Rent(wide ? typeof(ulong) : typeof(uint)), raised = _il.Rent(typeof(ulong));
        Label unusual = _il.Label(), done = _il.Label(), exit = X87Exit();
        Push(a);
        _il.LoadAddress(bits);
        _il.LoadAddress(raised);
        _il.Call(X87Method(wide ? nameof(X87Glue.Narrow64) : nameof(X87Glue.Narrow32)));
        _il.Branch(OpCodes.Brfalse, unusual);
        _il.Mark(done);
        address = PushX87Host(wide ? 8 : 4, write: true);
        _il.Load(bits);
        StoreInteger(wide ? 8 : 4);
        StoreDataPointer(address);
        EndX87(effect, raised);
        _stubs.Enqueue(() =>
        {
            _il.Mark(unusual);
            _il.Load(a.Significand);
            _il.Branch(OpCodes.Brtrue, exit);
            _il.Load(a.SignExponent);
            _il.Call(X87Method(wide ? nameof(X87Glue.Zero64) : nameof(X87Glue.Zero32)));
            _il.Store(bits);
            _il.Int64(0);
            _il.Store(raised);
            _il.Branch(OpCodes.Br, done);
        });
        _il.Release(bits);
        _il.Release(raised);
    }

    private void EmitX87StoreInteger(X87Effect effect)
    {
        int size = _instruction.Decoded.MemorySize.GetSize();
        LocalBuilder value = _il.Rent(typeof(long)), raised = _il.Rent(typeof(ulong));
        CheckRounding();
        Push(Extended(0));
        _il.Int32(size * 8);
        PushTruncation();
        _il.LoadAddress(value);
        _il.LoadAddress(raised);
        _il.Call(X87Method(nameof(X87Glue.ToInteger)));
        _il.Branch(OpCodes.Brfalse, X87Exit());
        LocalBuilder address = PushX87Host(size, write: true);
        _il.Load(value);
        if (size < 8)
            _il.Op(OpCodes.Conv_I4);
        StoreInteger(size);
        StoreDataPointer(address);
        EndX87(effect, raised);
        _il.Release(value);
        _il.Release(raised);
    }

    private void EmitX87Exchange(X87Effect effect)
    {
        int other = StackOperand(1);
        if (other != 0)
        {
            ExtendedLocals kept = RentExtended();
            Move(Extended(0), kept);
            Move(Extended(other), Extended(0));
            Move(kept, Extended(other));
            Release(kept);
        }
        EndX87(effect);
    }

    /// <summary>FCMOVcc. C1 stays.</summary>
    private void EmitX87ConditionalMove(Mnemonic mnemonic, X87Effect effect)
    {
        ConditionCode condition = mnemonic switch
        {
            Mnemonic.Fcmovb => ConditionCode.b,
            Mnemonic.Fcmove => ConditionCode.e,
            Mnemonic.Fcmovbe => ConditionCode.be,
            Mnemonic.Fcmovu => ConditionCode.p,
            Mnemonic.Fcmovnb => ConditionCode.ae,
            Mnemonic.Fcmovne => ConditionCode.ne,
            Mnemonic.Fcmovnbe => ConditionCode.a,
            _ => ConditionCode.np,
        };
        Label stays = _il.Label();
        BranchIf(Negate(condition), Negated(condition), stays);
        Move(Extended(StackOperand(1)), Extended(0));
        _il.Mark(stays);
        _at = _at with { X87 = _at.X87!.After(effect) with { LastRip = _instruction.Decoded.IP } };
    }

    private void EmitX87Sign(Mnemonic mnemonic, X87Effect effect)
    {
        LocalBuilder signExponent = Extended(0).SignExponent;
        _il.Load(signExponent);
        _il.Int32(mnemonic == Mnemonic.Fchs ? 0x8000 : 0x7FFF);
        _il.Op(mnemonic == Mnemonic.Fchs ? OpCodes.Xor : OpCodes.And);
        _il.Store(signExponent);
        EndX87(effect);
    }

    /// <summary>The operand of an instruction with ST(0) and another, in memory or a register.</summary>
    private ExtendedLocals OtherOperand(int registerOperand, out LocalBuilder? address, out bool isRented)
    {
        isRented = _instruction.Decoded.Op0Kind == OpKind.Memory;
        address = null;
        if (!isRented)
            return Extended(registerOperand < _instruction.Decoded.OpCount ? StackOperand(registerOperand) : 1);
        ExtendedLocals value = RentExtended();
        address = LoadExtended(value);
        return value;
    }

    private void EmitX87Arithmetic(string operation, bool reverse, X87Effect effect)
    {
        ExtendedLocals source = OtherOperand(1, out LocalBuilder? data, out bool isRented);
        ExtendedLocals destination = Extended(isRented ? 0 : StackOperand(0));
        (ExtendedLocals a, ExtendedLocals b) = reverse ? (source, destination) : (destination, source);
        bool subtract = operation == "Subtract";
        Push(a);
        Push(b);
        if (subtract)
        {
            _il.Int32(0x8000);
            _il.Op(OpCodes.Xor);
        }
        CallX87(subtract ? nameof(X87Glue.Add) : operation, destination, data, effect);
        if (isRented)
            Release(source);
    }

    private void EmitX87SquareRoot(X87Effect effect)
    {
        Push(Extended(0));
        CallX87(nameof(X87Glue.SquareRoot), Extended(0), null, effect);
    }

    /// <summary>Calls an operation with its operands on the stack, and leaves before the instruction when it was not routine.</summary>
    private void CallX87(string operation, ExtendedLocals destination, LocalBuilder? data, X87Effect effect)
    {
        LocalBuilder result = _il.Rent(typeof(X87Result)), rest = _il.Rent(typeof(long));
        _il.Call(X87Method(operation));
        _il.Store(result);
        _il.LoadAddress(result);
        _il.Call(typeof(X87Result).GetProperty(nameof(X87Result.Rest))!.GetMethod!);
        _il.Store(rest);
        _il.Load(rest);
        _il.Int64(0);
        _il.Branch(OpCodes.Blt, X87Exit());
        _il.LoadAddress(result);
        _il.Call(typeof(X87Result).GetProperty(nameof(X87Result.Significand))!.GetMethod!);
        _il.Store(destination.Significand);
        _il.Load(rest);
        _il.Op(OpCodes.Conv_U2);
        _il.Store(destination.SignExponent);
        StoreDataPointer(data);
        EndX87(effect, rest);
        _il.Release(result);
        _il.Release(rest);
    }

    /// <summary>Pushes how ST(0) compares with the other operand.</summary>
    private LocalBuilder? PushRelation(int registerOperand)
    {
        LocalBuilder? data = null;
        if (_instruction.Decoded.Mnemonic == Mnemonic.Ftst)
        {
            Push(Extended(0));
            _il.Int64(0);
            _il.Int32(0);
        }
        else
        {
            ExtendedLocals other = OtherOperand(registerOperand, out data, out bool isRented);
            Push(Extended(0));
            Push(other);
            if (isRented)
                Release(other);
        }
        _il.Call(X87Method(nameof(X87Glue.Compare)));
        return data;
    }

    private void EmitX87Compare(X87Effect effect)
    {
        LocalBuilder relation = _il.Rent(typeof(int));
        LocalBuilder? data = PushRelation(1);
        _il.Store(relation);
        _il.Load(_x87Status!);
        _il.Load(relation);
        _il.Call(X87Method(nameof(X87Glue.SetRelation)));
        _il.Store(_x87Status!);
        _il.Release(relation);
        StoreDataPointer(data);
        EndX87(effect);
    }

    /// <summary>FCOMI and its relatives: flags as after a comparison of two floats of which none is a NaN. C1 stays.</summary>
    private void EmitX87CompareFlags(X87Effect effect)
    {
        _compareA ??= _il.Local(typeof(double));
        _compareB ??= _il.Local(typeof(double));
        PushRelation(1);
        _il.Op(OpCodes.Conv_R8);
        _il.Store(_compareA);
        _il.Int32(0);
        _il.Op(OpCodes.Conv_R8);
        _il.Store(_compareB);
        SetFlags(new FlagsState(FlagsForm.Compare) { A = FlagsSource.Of(_compareA), B = FlagsSource.Of(_compareB) });
        _at = _at with { X87 = _at.X87!.After(effect) with { LastRip = _instruction.Decoded.IP } };
    }

    private void EmitX87Examine(X87Effect effect)
    {
        ExtendedLocals a = Extended(0);
        _il.Load(_x87Status!);
        _il.Load(a.Significand);
        _il.Call(X87Method(nameof(X87Glue.Examine)));
        _il.Store(_x87Status!);
        _il.Load(a.SignExponent);
        _il.Op(OpCodes.Conv_U8);
        _il.Int32(X87Result.UpBit - 15);
        _il.Op(OpCodes.Shl);
        _il.Store(_x87Up!);
        _at = _at with { X87 = _at.X87!.After(effect) with { C1Clear = false, LastRip = _instruction.Decoded.IP } };
    }
}
