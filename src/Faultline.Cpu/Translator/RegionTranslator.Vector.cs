using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// Vector shapes: operands to the CIL stack, a call of the body that the JIT may inline, the result into the register's local.
internal sealed unsafe partial class RegionTranslator
{
    private static readonly Type s_v128 = typeof(Vector128<byte>);
    private static readonly Type s_v256 = typeof(Vector256<byte>);

    private bool EmitVector()
    {
        InstructionForm form = _instruction.Form;
        if (form.Width == InstructionForm.MmxWidth)
            return false;
        return form.Shape >= FormShape.VexUnary ? EmitVex(form) : EmitLegacyVector(form);
    }

    private bool EmitLegacyVector(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        nint body = form.Body;
        switch (form.Shape)
        {
            case FormShape.VectorRmw:
            case FormShape.VectorRmwImmediate:
            case FormShape.VectorRmwXmm0:
                {
                    LocalBuilder b = SourceVector(1, s_v128, form.Width == 16);
                    BeforeBody();
                    _il.State();
                    PushVector(op.Op0, s_v128);
                    _il.Load(b);
                    if (form.Shape == FormShape.VectorRmw)
                    {
                        CallBody(body, s_v128, typeof(CpuState*), s_v128, s_v128);
                    }
                    else if (form.Shape == FormShape.VectorRmwImmediate)
                    {
                        _il.Int32((byte)op.Immediate);
                        CallBody(body, s_v128, typeof(CpuState*), s_v128, s_v128, typeof(byte));
                    }
                    else
                    {
                        PushVector((ushort)CpuState.VectorOffset(0), s_v128);
                        CallBody(body, s_v128, typeof(CpuState*), s_v128, s_v128, s_v128);
                    }
                    PopLegacy(op.Op0);
                    _il.Release(b);
                    AfterBody();
                    return true;
                }
            case FormShape.VectorCompute:
            case FormShape.VectorComputeImmediate:
            case FormShape.VectorModifyImmediate:
                {
                    LocalBuilder b = form.Shape == FormShape.VectorModifyImmediate ? CopyVector(op.Op0, s_v128) : SourceVector(1, s_v128, form.Width == 16);
                    _il.State();
                    _il.Load(b);
                    if (form.Shape == FormShape.VectorCompute)
                    {
                        CallBody(body, s_v128, typeof(CpuState*), s_v128);
                    }
                    else
                    {
                        _il.Int32((byte)op.Immediate);
                        CallBody(body, s_v128, typeof(CpuState*), s_v128, typeof(byte));
                    }
                    PopLegacy(op.Op0);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VectorRead:
                {
                    LocalBuilder b = SourceVector(1, s_v128, form.Width == 16);
                    BeforeBody();
                    _il.State();
                    PushVector(op.Op0, s_v128);
                    _il.Load(b);
                    CallBody(body, typeof(void), typeof(CpuState*), s_v128, s_v128);
                    _il.Release(b);
                    AfterBody();
                    return true;
                }
            case FormShape.VectorFromInteger:
                {
                    LocalBuilder b = RentInteger(form.Width);
                    PushOperand1(form.Width);
                    _il.Store(b);
                    _il.State();
                    PushVector(op.Op0, s_v128);
                    _il.Load(b);
                    CallBody(body, s_v128, typeof(CpuState*), s_v128, IntegerType(form.Width));
                    PopLegacy(op.Op0);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VectorToInteger:
                {
                    LocalBuilder b = SourceVector(1, s_v128, aligned: false);
                    _il.State();
                    _il.Load(b);
                    CallBody(body, IntegerType(form.Width), typeof(CpuState*), s_v128);
                    PopGpr(op.Op0, form.Width);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VectorExtract:
            case FormShape.VectorExtractImmediate:
                return EmitExtract(form);
            case FormShape.VectorInsertImmediate:
                {
                    LocalBuilder b = RentInteger(8);
                    PushInserted(1, op.Op1);
                    _il.Store(b);
                    _il.State();
                    PushVector(op.Op0, s_v128);
                    _il.Load(b);
                    _il.Int32((byte)op.Immediate);
                    CallBody(body, s_v128, typeof(CpuState*), s_v128, typeof(ulong), typeof(byte));
                    PopLegacy(op.Op0);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VectorMove:
                if (HasMemory0)
                {
                    StoreVectorOperand(s_v128, form.Width == 16, () => PushVector(_instruction.Op.Op1, s_v128));
                    return true;
                }
                LocalBuilder moved = SourceVector(1, s_v128, form.Width == 16);
                _il.Load(moved);
                PopLegacy(op.Op0);
                _il.Release(moved);
                return true;
            case FormShape.VectorMoveMerge:
            case FormShape.VectorMoveZero:
                EmitMoveLow(form);
                return true;
            default:
                return false;
        }
    }

    private void EmitMoveLow(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        int width = form.Width;
        if (HasMemory0)
        {
            PushHost(width, write: true);
            PushVector(op.Op1, s_v128);
            _il.Call(VectorGlue.Method(width == 4 ? nameof(VectorGlue.ToUInt32) : nameof(VectorGlue.ToUInt64)));
            StoreInteger(width);
            return;
        }
        if ((op.Flags & OperationFlags.Memory1) != 0)
        {
            PushMemory(width);
            _il.Call(VectorGlue.Method(width == 4 ? nameof(VectorGlue.Scalar32) : nameof(VectorGlue.Scalar64)));
        }
        else if (form.Shape == FormShape.VectorMoveMerge)
        {
            PushVector(op.Op0, s_v128);
            PushVector(op.Op1, s_v128);
            _il.Call(VectorGlue.Method(width == 4 ? nameof(VectorGlue.Merge32) : nameof(VectorGlue.Merge64)));
        }
        else if (width == 8)
        {
            PushVector(op.Op1, s_v128);
            _il.Call(VectorGlue.Method(nameof(VectorGlue.Low64)));
        }
        else
        {
            PushVector(op.Op1, s_v128);
            _il.Call(VectorGlue.Method(nameof(VectorGlue.ToUInt32)));
            _il.Call(VectorGlue.Method(nameof(VectorGlue.Scalar32)));
        }
        PopLegacy(op.Op0);
    }

    private bool EmitExtract(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        int size = HasMemory0 ? _instruction.Decoded.MemorySize.GetSize() : 8;
        LocalBuilder? host = HasMemory0 ? PushHostOfMemory0(size) : null;
        _il.State();
        PushVector(op.Op1, s_v128);
        if (form.Shape == FormShape.VectorExtract)
        {
            CallBody(form.Body, typeof(ulong), typeof(CpuState*), s_v128);
        }
        else
        {
            _il.Int32((byte)op.Immediate);
            CallBody(form.Body, typeof(ulong), typeof(CpuState*), s_v128, typeof(byte));
        }
        if (host is not null)
        {
            PushConversion(size, signed: false);
            StoreTo(host, size);
        }
        else
        {
            PopGpr(op.Op0, 8);
        }
        return true;
    }

    /// <summary>Pushes an integer operand zero-extended to 8 bytes: a whole general register, or memory of the decoder's size.</summary>
    private void PushInserted(int operand, ushort register)
    {
        if (_instruction.Decoded.GetOpKind(operand) == OpKind.Memory)
        {
            int size = _instruction.Decoded.MemorySize.GetSize();
            PushMemory(size);
            Widen(size);
        }
        else
        {
            PushGpr(register, 8);
        }
    }

    private bool EmitVex(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        nint body = form.Body;
        Type type = form.Width == 32 ? s_v256 : s_v128;
        if (HasMemory0 && form.Shape is not (FormShape.VexMove or FormShape.VexMoveAligned or FormShape.VexRead))
            return EmitVexStore(form, type);
        switch (form.Shape)
        {
            case FormShape.VexUnary:
                EmitVexUnary(type, type, immediate: false);
                return true;
            case FormShape.VexUnaryImmediate:
                EmitVexUnary(type, type, immediate: true);
                return true;
            case FormShape.VexWiden:
            case FormShape.VexWidenImmediate:
                EmitVexUnary(s_v256, s_v128, form.Shape == FormShape.VexWidenImmediate);
                return true;
            case FormShape.VexNarrow:
            case FormShape.VexNarrowImmediate:
                EmitVexUnary(s_v128, s_v256, form.Shape == FormShape.VexNarrowImmediate);
                return true;
            case FormShape.VexBinary:
            case FormShape.VexBinaryImmediate:
            case FormShape.VexFma:
                {
                    LocalBuilder b = SourceVector(2, type, aligned: false);
                    _il.State();
                    if (form.Shape == FormShape.VexFma)
                        PushVector(op.Op0, type);
                    PushVector(op.Op1, type);
                    _il.Load(b);
                    if (form.Shape == FormShape.VexBinary)
                    {
                        CallBody(body, type, typeof(CpuState*), type, type);
                    }
                    else if (form.Shape == FormShape.VexBinaryImmediate)
                    {
                        _il.Int32((byte)op.Immediate);
                        CallBody(body, type, typeof(CpuState*), type, type, typeof(byte));
                    }
                    else
                    {
                        CallBody(body, type, typeof(CpuState*), type, type, type);
                    }
                    PopVex(op.Op0, type);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VexTernary:
                {
                    LocalBuilder b = SourceVector(2, type, aligned: false);
                    _il.State();
                    PushVector(op.Op1, type);
                    _il.Load(b);
                    PushVector(RegisterMap.Offset(_instruction.Decoded.GetOpRegister(3)), type);
                    CallBody(body, type, typeof(CpuState*), type, type, type);
                    PopVex(op.Op0, type);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VexRead:
                {
                    LocalBuilder b = SourceVector(1, type, aligned: false);
                    BeforeBody();
                    _il.State();
                    PushVector(op.Op0, type);
                    _il.Load(b);
                    CallBody(body, typeof(void), typeof(CpuState*), type, type);
                    _il.Release(b);
                    AfterBody();
                    return true;
                }
            case FormShape.VexHalvesUnary:
            case FormShape.VexHalvesUnaryImmediate:
            case FormShape.VexHalvesBinary:
            case FormShape.VexHalvesBinaryImmediate:
                EmitHalves(form);
                return true;
            case FormShape.VexMove:
            case FormShape.VexMoveAligned:
                {
                    bool aligned = form.Shape == FormShape.VexMoveAligned;
                    if (HasMemory0)
                    {
                        StoreVectorOperand(type, aligned, () => PushVector(_instruction.Op.Op1, type));
                        return true;
                    }
                    LocalBuilder b = SourceVector(1, type, aligned);
                    _il.Load(b);
                    PopVex(op.Op0, type);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VexFromInteger:
                {
                    LocalBuilder b = RentInteger(form.Width);
                    bool two = _instruction.Decoded.OpCount == 2;
                    if ((op.Flags & AnyMemory) != 0)
                        PushMemory(form.Width);
                    else
                        PushGpr(RegisterMap.Offset(_instruction.Decoded.GetOpRegister(two ? 1 : 2)), form.Width);
                    _il.Store(b);
                    _il.State();
                    PushVector(two ? op.Op0 : op.Op1, s_v128);
                    _il.Load(b);
                    CallBody(body, s_v128, typeof(CpuState*), s_v128, IntegerType(form.Width));
                    PopVex(op.Op0, s_v128);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VexInsertImmediate:
                {
                    LocalBuilder b = RentInteger(8);
                    PushInserted(2, op.Op2);
                    _il.Store(b);
                    _il.State();
                    PushVector(op.Op1, s_v128);
                    _il.Load(b);
                    _il.Int32((byte)op.Immediate);
                    CallBody(body, s_v128, typeof(CpuState*), s_v128, typeof(ulong), typeof(byte));
                    PopVex(op.Op0, s_v128);
                    _il.Release(b);
                    return true;
                }
            case FormShape.VexExtract:
                _il.State();
                PushVector(op.Op1, s_v256);
                CallBody(body, typeof(ulong), typeof(CpuState*), s_v256);
                PopGpr(op.Op0, 8);
                return true;
            default:
                return false;
        }
    }

    /// <summary>VMOVQ and VEXTRACTF128 to memory and the like: the low bits of a body's result.</summary>
    private bool EmitVexStore(InstructionForm form, Type type)
    {
        bool narrow = form.Shape is FormShape.VexNarrow or FormShape.VexNarrowImmediate;
        bool immediate = form.Shape is FormShape.VexUnaryImmediate or FormShape.VexNarrowImmediate;
        int size = _instruction.Decoded.MemorySize.GetSize();
        if (form.Shape is not (FormShape.VexUnary or FormShape.VexUnaryImmediate) && !narrow || size is not (8 or 16) || (type == s_v256 && !narrow))
            return false;
        LocalBuilder host = PushHostOfMemory0(size);
        _il.Load(host);
        _il.State();
        PushVector(_instruction.Op.Op1, narrow ? s_v256 : type);
        if (immediate)
        {
            _il.Int32((byte)_instruction.Op.Immediate);
            CallBody(form.Body, s_v128, typeof(CpuState*), narrow ? s_v256 : type, typeof(byte));
        }
        else
        {
            CallBody(form.Body, s_v128, typeof(CpuState*), narrow ? s_v256 : type);
        }
        if (size == 16)
        {
            _il.GuestObject(OpCodes.Stobj, s_v128);
        }
        else
        {
            _il.Call(VectorGlue.Method(nameof(VectorGlue.ToUInt64)));
            StoreInteger(size);
        }
        _il.Release(host);
        return true;
    }

    private void EmitVexUnary(Type result, Type source, bool immediate)
    {
        LocalBuilder a = SourceVector(1, source, aligned: false);
        _il.State();
        _il.Load(a);
        if (immediate)
        {
            _il.Int32((byte)_instruction.Op.Immediate);
            CallBody(_instruction.Form.Body, result, typeof(CpuState*), source, typeof(byte));
        }
        else
        {
            CallBody(_instruction.Form.Body, result, typeof(CpuState*), source);
        }
        PopVex(_instruction.Op.Op0, result);
        _il.Release(a);
    }

    /// <summary>A 128-bit body on each half.</summary>
    private void EmitHalves(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        bool binary = form.Shape is FormShape.VexHalvesBinary or FormShape.VexHalvesBinaryImmediate;
        bool immediate = form.Shape is FormShape.VexHalvesUnaryImmediate or FormShape.VexHalvesBinaryImmediate;
        LocalBuilder last = SourceVector(binary ? 2 : 1, s_v256, aligned: false);
        Type[] types = (binary, immediate) switch
        {
            (false, false) => [typeof(CpuState*), s_v128],
            (false, true) => [typeof(CpuState*), s_v128, typeof(byte)],
            (true, false) => [typeof(CpuState*), s_v128, s_v128],
            _ => [typeof(CpuState*), s_v128, s_v128, typeof(byte)],
        };
        foreach (string half in (string[])[nameof(VectorGlue.Lower), nameof(VectorGlue.Upper)])
        {
            _il.State();
            if (binary)
            {
                PushVector(op.Op1, s_v256);
                _il.Call(VectorGlue.Method(half));
            }
            _il.Load(last);
            _il.Call(VectorGlue.Method(half));
            if (immediate)
                _il.Int32((byte)op.Immediate);
            CallBody(form.Body, s_v128, types);
        }
        _il.Call(VectorGlue.Method(nameof(VectorGlue.Join)));
        PopVex(op.Op0, s_v256);
        _il.Release(last);
    }

    /// <summary>VZEROUPPER: in locals where the region has one, in the CpuState for the others.</summary>
    private bool EmitZeroUpper()
    {
        for (int i = 0; i < 16; i++)
        {
            if (_vectors[i] is not { } local)
            {
                // Bits 256 and above are never set: no model that executes has AVX-512.
                _il.StateAddress(CpuState.VectorOffset(i) + 16);
                _il.Call(VectorGlue.Method(nameof(VectorGlue.Zero)));
                _il.Object(OpCodes.Stobj, s_v128);
                continue;
            }
            _il.Load(local);
            _il.Call(VectorGlue.Method(nameof(VectorGlue.Lower)));
            PopVex((ushort)CpuState.VectorOffset(i), s_v128);
        }
        return true;
    }

    private LocalBuilder VectorLocal(ushort offset) =>
        _vectors[(offset - CpuState.VectorOffset(0)) / CpuState.VectorStride] ?? throw new InvalidOperationException("a vector register was not foreseen");

    /// <summary>Pushes the low bits of a vector register.</summary>
    private void PushVector(ushort offset, Type type)
    {
        _il.Load(VectorLocal(offset));
        if (_wide && type == s_v128)
            _il.Call(VectorGlue.Method(nameof(VectorGlue.Lower)));
    }

    private LocalBuilder CopyVector(ushort offset, Type type)
    {
        LocalBuilder local = _il.Rent(type);
        PushVector(offset, type);
        _il.Store(local);
        return local;
    }

    /// <summary>An operand, register or memory of the decoder's size, in a rented local; memory arrives in the low bits.</summary>
    private LocalBuilder SourceVector(int operand, Type type, bool aligned)
    {
        Instruction decoded = _instruction.Decoded;
        if (decoded.GetOpKind(operand) != OpKind.Memory)
            return CopyVector(RegisterMap.Offset(decoded.GetOpRegister(operand)), type);
        LocalBuilder local = _il.Rent(type);
        int size = decoded.MemorySize.GetSize();
        PushVectorMemory(size, size >= 16 && aligned);
        if (type == s_v256 && size < 32)
            _il.Call(VectorGlue.Method(nameof(VectorGlue.Extend)));
        _il.Store(local);
        return local;
    }

    /// <summary>Pushes a memory operand as a vector of 128 bits, or of 256 when it has so many.</summary>
    private void PushVectorMemory(int size, bool aligned)
    {
        if (size >= 16 && !aligned)
        {
            PushUnalignedVector(size == 32 ? s_v256 : s_v128);
            return;
        }
        if (aligned)
            PushAlignedHost(size, write: false);
        else
            PushHost(size, write: false);
        if (size >= 16)
        {
            _il.GuestObject(OpCodes.Ldobj, size == 32 ? s_v256 : s_v128);
            return;
        }
        LoadInteger(size);
        _il.Call(VectorGlue.Method(size == 8 ? nameof(VectorGlue.Scalar64) : nameof(VectorGlue.Scalar32)));
    }

    /// <summary>Leaves when the host address on the stack, and with it the guest's, is not aligned: the interpreter raises the exception.</summary>
    private void CheckAlignment(int size)
    {
        LocalBuilder address = _il.Rent(typeof(nint));
        _il.Store(address);
        _il.Load(address);
        _il.Int32(size - 1);
        _il.Op(OpCodes.And);
        _il.Branch(OpCodes.Brtrue, SlowExit());
        _il.Load(address);
        _il.Release(address);
    }

    private void StoreVectorOperand(Type type, bool aligned, Action pushValue)
    {
        int size = type == s_v256 ? 32 : 16;
        if (aligned)
            PushAlignedHost(size, write: true);
        else
            PushHost(size, write: true);
        pushValue();
        _il.GuestObject(OpCodes.Stobj, type);
    }

    /// <summary>Pops the result of a legacy form, which keeps what is above bit 127.</summary>
    private void PopLegacy(ushort offset)
    {
        LocalBuilder local = VectorLocal(offset);
        if (_wide)
        {
            LocalBuilder value = _il.Rent(s_v128);
            _il.Store(value);
            _il.Load(local);
            _il.Load(value);
            _il.Call(VectorGlue.Method(nameof(VectorGlue.WithLower)));
            _il.Release(value);
        }
        _il.Store(local);
        MarkVectorDirty(offset);
    }

    /// <summary>Pops the result of a VEX form, which clears what is above it.</summary>
    private void PopVex(ushort offset, Type type)
    {
        if (type == s_v128)
            _il.Call(VectorGlue.Method(nameof(VectorGlue.Extend)));
        _il.Store(VectorLocal(offset));
        MarkVectorDirty(offset);
    }

    private void MarkVectorDirty(ushort offset)
    {
        int number = (offset - CpuState.VectorOffset(0)) / CpuState.VectorStride;
        _at = _at with { DirtyVectors = _at.DirtyVectors | 1u << number };
    }
}
