using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Memory;

namespace Faultline.Cpu.Translator;

// Guest memory: two checks and the flat table inline; everything else leaves for the interpreter.
internal sealed unsafe partial class RegionTranslator
{
    private const OperationFlags AnyMemory = OperationFlags.Memory0 | OperationFlags.Memory1 | OperationFlags.Memory2;

    /// <summary>The tables and their extent stay the same while a region runs: only system calls move them.</summary>
    private void LoadTables()
    {
        LoadState(nameof(CpuState.AddressMask));
        _il.Store(_addressMask);
        LoadState(nameof(CpuState.ReadTable));
        _il.Store(_readTable);
        LoadState(nameof(CpuState.WriteTable));
        _il.Store(_writeTable);
    }

    /// <summary>Pushes the linear address of the memory operand.</summary>
    private void PushAddress() => PushAddress(withSegment: true);

    /// <summary>Pushes the address of the memory operand, for LEA without the segment's base.</summary>
    private void PushAddress(bool withSegment)
    {
        ref Operation op = ref _instruction.Op;
        bool any = false;
        if (op.Base != CpuState.ZeroOffset)
        {
            _il.Load(Gpr(op.Base));
            any = true;
        }
        if (op.Index != CpuState.ZeroOffset)
        {
            _il.Load(Gpr(op.Index));
            if (op.Scale != 0)
            {
                _il.Int32(op.Scale);
                _il.Op(OpCodes.Shl);
            }
            if (any)
                _il.Op(OpCodes.Add);
            any = true;
        }
        if (op.Displacement != 0 || !any)
        {
            _il.Int64(op.Displacement);
            if (any)
                _il.Op(OpCodes.Add);
        }
        if ((op.Flags & OperationFlags.Address32) != 0)
        {
            _il.Op(OpCodes.Conv_U4);
            _il.Op(OpCodes.Conv_U8);
        }
        if (withSegment && op.Segment != CpuState.ZeroOffset)
        {
            _il.StateAddress(op.Segment);
            _il.Op(OpCodes.Ldind_I8);
            _il.Op(OpCodes.Add);
        }
    }

    /// <summary>
    /// Pops a guest address and pushes the host address of so many bytes there, which must lie in one page that the table has; otherwise control goes to the exit.
    /// </summary>
    private void HostAddress(int size, bool write, Label slow)
    {
        LocalBuilder address = _il.Rent(typeof(ulong));
        LocalBuilder entry = _il.Rent(typeof(long));
        _il.Store(address);

        // One comparison for both: bits above the table, and an offset in the page too high for the size.
        _il.Load(address);
        _il.Load(_addressMask);
        _il.Op(OpCodes.And);
        _il.Int64((ulong)(GuestPage.Size - size));
        _il.Branch(OpCodes.Bgt_Un, slow);

        _il.Load(write ? _writeTable : _readTable);
        _il.Load(address);
        _il.Int32(GuestPage.Shift);
        _il.Op(OpCodes.Shr_Un);
        _il.Int32(3);
        _il.Op(OpCodes.Shl);
        _il.Op(OpCodes.Conv_U);
        _il.Op(OpCodes.Add);
        _il.Op(OpCodes.Ldind_I8);
        _il.Store(entry);
        _il.Load(entry);
        _il.Branch(OpCodes.Brfalse, slow);
        _il.Load(address);
        _il.Load(entry);
        _il.Op(OpCodes.Add);
        _il.Op(OpCodes.Conv_U);
        _il.Release(address);
        _il.Release(entry);
    }

    /// <summary>Pops a host address and pushes the integer there, zero-extended: an int32 up to 4 bytes.</summary>
    private void LoadInteger(int width) => _il.Guest(width switch { 1 => OpCodes.Ldind_U1, 2 => OpCodes.Ldind_U2, 4 => OpCodes.Ldind_U4, _ => OpCodes.Ldind_I8 });

    /// <summary>Pops an integer and, below it, a host address, and stores it.</summary>
    private void StoreInteger(int width) => _il.Guest(width switch { 1 => OpCodes.Stind_I1, 2 => OpCodes.Stind_I2, 4 => OpCodes.Stind_I4, _ => OpCodes.Stind_I8 });

    /// <summary>Pushes the memory operand's value.</summary>
    private void PushMemory(int width)
    {
        PushAddress();
        HostAddress(width, write: false, SlowExit());
        LoadInteger(width);
    }
}
