using System.Numerics;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// Guest registers as locals: loaded once at the entry, stored at every exit, and in between wherever a handler of the interpreter needs them.
internal sealed unsafe partial class RegionTranslator
{
    private const int StackPointer = 4;

    private readonly LocalBuilder?[] _gprs = new LocalBuilder?[16];
    private readonly LocalBuilder?[] _vectors = new LocalBuilder?[16];
    private readonly InstructionInfoFactory _information = new();

    private uint _writtenGprs;
    private uint _writtenVectors;
    private bool _usesVectors;

    /// <summary>Whether vector locals hold 256 bits: only where the region has VEX-encoded instructions, because the others keep the upper half.</summary>
    private bool _wide;

    private Type VectorType => _wide ? typeof(Vector256<byte>) : typeof(Vector128<byte>);

    /// <summary>Gives every register that the region names a local.</summary>
    private void FindRegisters()
    {
        foreach (RegionInstruction instruction in _region.Blocks.SelectMany(block => block.Instructions))
        {
            if (instruction.Decoded.Mnemonic == Mnemonic.Vzeroupper)
            {
                _wide = true;
                continue;
            }
            _wide |= instruction.Decoded.Code.Encoding() == EncodingKind.VEX && HasVectors(instruction.Decoded);
            _usesVectors |= instruction.Form.Shape >= FormShape.VectorRmw;
            foreach (UsedRegister used in _information.GetInfo(instruction.Decoded).GetUsedRegisters())
            {
                bool written = IsWritten(used.Access);
                if (used.Register.IsGPR())
                {
                    int number = used.Register.GetFullRegister() - Register.RAX;
                    _gprs[number] ??= _il.Local(typeof(ulong));
                    _writtenGprs |= written ? 1u << number : 0;
                }
                else if (VectorNumber(used.Register) is { } vector)
                {
                    _writtenVectors |= written ? 1u << vector : 0;
                }
            }
        }
        foreach (RegionInstruction instruction in _region.Blocks.SelectMany(block => block.Instructions))
        {
            if (instruction.Decoded.Mnemonic == Mnemonic.Vzeroupper)
                continue;
            foreach (UsedRegister used in _information.GetInfo(instruction.Decoded).GetUsedRegisters())
            {
                if (VectorNumber(used.Register) is { } vector)
                    _vectors[vector] ??= _il.Local(VectorType);
            }
            // The idioms for zero do not read the registers that they name, but our bodies do.
            for (int i = 0; i < instruction.Decoded.OpCount; i++)
            {
                Register named = instruction.Decoded.GetOpKind(i) == OpKind.Register ? instruction.Decoded.GetOpRegister(i) : Register.None;
                if (VectorNumber(named) is { } vector)
                    _vectors[vector] ??= _il.Local(VectorType);
                else if (named.IsGPR())
                    _gprs[named.GetFullRegister() - Register.RAX] ??= _il.Local(typeof(ulong));
            }
        }
        // VZEROUPPER changes all of them.
        if (_region.Blocks.Any(block => block.Instructions.Exists(instruction => instruction.Decoded.Mnemonic == Mnemonic.Vzeroupper)))
        {
            for (int i = 0; i < 16; i++)
                _writtenVectors |= _vectors[i] is null ? 0 : 1u << i;
        }
    }

    private static bool HasVectors(in Instruction decoded)
    {
        if (decoded.Mnemonic == Mnemonic.Vzeroall)
            return true;
        for (int i = 0; i < decoded.OpCount; i++)
        {
            if (decoded.GetOpKind(i) == OpKind.Register && VectorNumber(decoded.GetOpRegister(i)) is not null)
                return true;
        }
        return false;
    }

    public static int? VectorNumber(Register register) => register switch
    {
        >= Register.XMM0 and <= Register.XMM15 => register - Register.XMM0,
        >= Register.YMM0 and <= Register.YMM15 => register - Register.YMM0,
        >= Register.ZMM0 and <= Register.ZMM15 => register - Register.ZMM0,
        _ => null,
    };

    public static bool IsWritten(OpAccess access) => access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;

    private void LoadRegisters()
    {
        for (int i = 0; i < 16; i++)
        {
            if ((_visiting >> i & 1) == 0)
                LoadGpr(i);
            LoadVector(i);
        }
    }

    /// <summary>Stores everything that the region may have changed.</summary>
    private void StoreRegisters() => StoreRegisters(_writtenGprs, _writtenVectors);

    private void StoreRegisters(uint gprs, uint vectors)
    {
        for (uint rest = gprs; rest != 0; rest &= rest - 1)
            StoreGpr(BitOperations.TrailingZeroCount(rest));
        for (uint rest = vectors; rest != 0; rest &= rest - 1)
            StoreVector(BitOperations.TrailingZeroCount(rest));
    }

    /// <summary>Stores what the CpuState does not have yet.</summary>
    private void StoreDirty()
    {
        SettleStack();
        StoreRegisters(_at.DirtyGprs, _at.DirtyVectors);
        _at = _at with { DirtyGprs = 0, DirtyVectors = 0 };
    }

    /// <summary>Takes over what an instruction executed on the CpuState has changed.</summary>
    private void ReloadWritten(in Instruction decoded)
    {
        uint gprs = 0, vectors = 0;
        foreach (UsedRegister used in _information.GetInfo(decoded).GetUsedRegisters())
        {
            if (!IsWritten(used.Access))
                continue;
            if (used.Register.IsGPR())
                gprs |= 1u << used.Register.GetFullRegister() - Register.RAX;
            else if (VectorNumber(used.Register) is { } vector)
                vectors |= 1u << vector;
        }
        // The decoder does not name what these load.
        if (decoded.Mnemonic is Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Xrstor or Mnemonic.Xrstor64)
            vectors = 0xffff;
        for (int i = 0; i < 16; i++)
        {
            if ((gprs >> i & 1) != 0 && _gprs[i] is { } local)
            {
                KeepFlagsSource(local);
                LoadGpr(i);
                _at = _at with { Loaded = _at.Loaded | 1u << i };
            }
            if ((vectors >> i & 1) != 0)
            {
                LoadVector(i);
            }
        }
    }

    private void LoadGpr(int number)
    {
        if (_gprs[number] is not { } local)
            return;
        _il.StateAddress(CpuState.GprOffset(number));
        _il.Op(OpCodes.Ldind_I8);
        _il.Store(local);
    }

    private void StoreGpr(int number)
    {
        _il.StateAddress(CpuState.GprOffset(number));
        _il.Load(_gprs[number]!);
        _il.Op(OpCodes.Stind_I8);
    }

    private void LoadVector(int number)
    {
        if (_vectors[number] is not { } local)
            return;
        _il.StateAddress(CpuState.VectorOffset(number));
        _il.Object(OpCodes.Ldobj, VectorType);
        _il.Store(local);
    }

    private void StoreVector(int number)
    {
        _il.StateAddress(CpuState.VectorOffset(number));
        _il.Load(_vectors[number]!);
        _il.Object(OpCodes.Stobj, VectorType);
    }

    /// <summary>Whether a byte offset into the CpuState is that of the second byte of a register: AH, CH, DH, BH.</summary>
    private static bool IsHighByte(ushort offset) => (offset & 7) == 1;

    private LocalBuilder Gpr(int offset) => _gprs[offset >> 3] ?? throw new InvalidOperationException("a register was not foreseen");

    /// <summary>Pushes a general register's low bytes, zero-extended: an int32 up to 4 bytes, an int64 for 8.</summary>
    private void PushGpr(ushort offset, int width)
    {
        _il.Load(Gpr(offset));
        if (offset == StackPointer * 8)
            AddConstant(_at.StackOffset);
        if (IsHighByte(offset))
        {
            _il.Int32(8);
            _il.Op(OpCodes.Shr_Un);
        }
        PushConversion(width, signed: false);
    }

    /// <summary>
    /// Makes the int32 on the stack a value of its own, by an OR with 0. Where the host instruction needs certain registers and clobbers them (DIV, CMPXCHG), the JIT of
    /// .NET 10 may move a 64-bit local whose low half is an operand out of the way with a 32-bit move, and lose its upper half.
    /// </summary>
    private void DetachNarrow(int width)
    {
        if (width == 8)
            return;
        LoadState(nameof(CpuState.Zero));
        _il.Op(OpCodes.Conv_I4);
        _il.Op(OpCodes.Or);
    }

    /// <summary>Cuts the integer on the stack to a width: an int32 up to 4 bytes.</summary>
    private void PushConversion(int width, bool signed)
    {
        if (width == 8)
            return;
        _il.Op((width, signed) switch
        {
            (1, false) => OpCodes.Conv_U1,
            (1, true) => OpCodes.Conv_I1,
            (2, false) => OpCodes.Conv_U2,
            (2, true) => OpCodes.Conv_I2,
            (_, false) => OpCodes.Conv_U4,
            _ => OpCodes.Conv_I4,
        });
    }

    /// <summary>Pops a value into a general register: 32-bit writes clear the upper half, narrower ones keep the rest.</summary>
    /// <param name="offset">Byte offset in the CpuState.</param>
    /// <param name="width">Its width; the value is an int64 for 8, an int32 of which the low bytes count otherwise.</param>
    private void PopGpr(ushort offset, int width)
    {
        LocalBuilder local = Gpr(offset);
        if (width >= 4)
        {
            if (width == 4)
                _il.Op(OpCodes.Conv_U8);
            KeepFlagsSource(local);
            _il.Store(local);
            if (offset == StackPointer * 8)
                _at = _at with { StackOffset = 0 };
        }
        else
        {
            if (offset == StackPointer * 8)
                SettleStack();
            int shift = IsHighByte(offset) ? 8 : 0;
            _il.Op(width == 1 ? OpCodes.Conv_U1 : OpCodes.Conv_U2);
            _il.Op(OpCodes.Conv_U8);
            if (shift != 0)
            {
                _il.Int32(shift);
                _il.Op(OpCodes.Shl);
            }
            _il.Load(local);
            _il.Int64(~((width == 1 ? 0xffUL : 0xffffUL) << shift));
            _il.Op(OpCodes.And);
            _il.Op(OpCodes.Or);
            KeepFlagsSource(local);
            _il.Store(local);
        }
        Wrote(offset >> 3);
    }
}
