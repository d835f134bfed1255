using System.Runtime.CompilerServices;

namespace Faultline.Elf.Unwind;

/// <summary>The registers of one frame, by DWARF number, with a note of which are known.</summary>
internal struct RegisterSet
{
    /// <summary>Registers that unwinding follows: the 16 general ones and RIP.</summary>
    public const int Count = 17;

    private Values _values;
    private uint _known;

    /// <summary>
    /// Whether RIP is the instruction that the frame is at, as in the frame that stopped and in one interrupted by a signal. Otherwise RIP
    /// is a return address: the call before it decides which function and which row of its table apply.
    /// </summary>
    public bool IsExactPc { get; set; }

    /// <summary>RIP.</summary>
    public readonly ulong Rip => _values[(int)DwarfRegister.Rip];

    /// <summary>RSP.</summary>
    public readonly ulong Rsp => _values[(int)DwarfRegister.Rsp];

    /// <summary>An address in the instruction that the frame is executing: RIP, or the byte before a return address.</summary>
    public readonly ulong LookupPc => IsExactPc ? Rip : Rip - 1;

    /// <summary>A register; setting it makes it known. Reading an unknown one gives 0.</summary>
    public ulong this[DwarfRegister register]
    {
        readonly get => _values[(int)register];
        set
        {
            _values[(int)register] = value;
            _known |= 1U << (int)register;
        }
    }

    /// <summary>Whether the value of a register is known in this frame.</summary>
    public readonly bool IsKnown(DwarfRegister register) => (_known & (1U << (int)register)) != 0;

    /// <summary>The value of a register by DWARF number; false when it is unknown or not one of the 17.</summary>
    public readonly bool TryGet(ulong number, out ulong value)
    {
        if (number < Count && (_known & (1U << (int)number)) != 0)
        {
            value = _values[(int)number];
            return true;
        }

        value = 0;
        return false;
    }

    [InlineArray(Count)]
    private struct Values
    {
        private ulong _first;
    }
}
