using System.Reflection.Emit;
using Faultline.Cpu.Table;
using Faultline.Memory;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Vectors that must be aligned: then they cannot cross a page, and alignment and the extent of the table are one test.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Bits of the address of an aligned vector of 16 or 32 bytes that must be clear; null where the region has none.</summary>
    private LocalBuilder? _outside16, _outside32;

    private void LoadAlignments()
    {
        foreach (RegionInstruction instruction in _region.Blocks.SelectMany(block => block.Instructions))
        {
            int size = AlignedSize(instruction);
            if (size == 32 && _outside32 is null)
                LoadAlignment(ref _outside32, size);
            else if (size == 16 && _outside16 is null)
                LoadAlignment(ref _outside16, size);
        }
    }

    private void LoadAlignment(ref LocalBuilder? outside, int size)
    {
        outside = _il.Local(typeof(ulong));
        _il.Load(_addressMask);
        _il.Int64(~GuestPage.Mask);
        _il.Op(OpCodes.And);
        _il.Int64((ulong)size - 1);
        _il.Op(OpCodes.Or);
        _il.Store(outside);
    }

    /// <summary>The bytes of a memory operand that must be aligned; 0 when there is none.</summary>
    private static int AlignedSize(RegionInstruction instruction)
    {
        InstructionForm form = instruction.Form;
        if ((instruction.Op.Flags & AnyMemory) == 0)
            return 0;
        return form.Shape == FormShape.VexMoveAligned || form is { Shape: >= FormShape.VectorRmw and < FormShape.VexUnary, Width: 16 } ? form.Width : 0;
    }

    /// <summary>Pushes the host address of a memory operand that must be aligned.</summary>
    private void PushAlignedHost(int size, bool write)
    {
        if ((size == 32 ? _outside32 : _outside16) is not { } outside || IsShared(_instruction.Operand, size, write))
        {
            PushHost(size, write);
            CheckAlignment(size);
            return;
        }
        Label slow = AccessExit(mayMiss: AtHome);
        LocalBuilder address = _il.Rent(typeof(ulong)), host = _il.Rent(typeof(long));
        PushAddress();
        _il.Store(address);
        _il.Load(address);
        _il.Load(outside);
        _il.Op(OpCodes.And);
        _il.Branch(OpCodes.Brtrue, slow);
        if (AtHome)
        {
            PushIfAtHome(address, 1, write, pair: false, slow);
        }
        else
        {
            PushByTable(address, host, write, slow);
            _il.Op(OpCodes.Conv_U);
        }
        _il.Release(address);
        _il.Release(host);
    }
}
