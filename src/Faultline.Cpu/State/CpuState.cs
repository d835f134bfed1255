using System.Runtime.InteropServices;

namespace Faultline.Cpu.State;

/// <summary>
/// Everything an x86-64 user-mode processor holds, as one blittable block of native memory: registers are reached by byte offset, and
/// translated code reaches them the same way. One per guest thread.
/// </summary>
/// <remarks>
/// Status flags are lazy: see <see cref="FlagsKind"/>. The x87 registers are physical (not relative to TOP); MMX register n is the
/// significand of physical register n, as in hardware (SDM vol. 1, 9.2.1). Vector registers have room for 512 bits each.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal unsafe struct CpuState
{
    /// <summary>RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15, in encoding order.</summary>
    public fixed ulong Gpr[16];

    /// <summary>Address of the next instruction; exact at every exit, stale while a block runs.</summary>
    public ulong Rip;

    /// <summary>Always 0: what an absent base, index or segment register reads.</summary>
    public ulong Zero;

    /// <summary>Base address added by an FS override.</summary>
    public ulong FsBase;

    /// <summary>Base address added by a GS override.</summary>
    public ulong GsBase;

    /// <summary>Result of the last lazy flag setter, sign-extended to 64 bits.</summary>
    public long LazyResult;

    /// <summary>First operand of the last lazy flag setter, zero-extended.</summary>
    public ulong LazyA;

    /// <summary>Second operand of the last lazy flag setter, zero-extended.</summary>
    public ulong LazyB;

    /// <summary>How the status flags follow from the lazy fields.</summary>
    public FlagsKind LazyKind;

    /// <summary>
    /// RFLAGS. The status flags in it are valid when <see cref="LazyKind"/> is <see cref="FlagsKind.None"/>; CF also when it is Inc or Dec. DF, TF, AC and
    /// ID always are. Bit 1 and IF read as one.
    /// </summary>
    public uint Rflags;

    /// <summary>
    /// Instructions that may still be executed before the dispatcher looks what else there is to do; while translated code runs, it has the number. When it is spent, the
    /// dispatcher takes more from <see cref="Reserve"/>.
    /// </summary>
    public long Budget;

    /// <summary>Non-zero when someone asked the processor to stop at the next block boundary; written from any thread.</summary>
    public int InterruptRequested;

    /// <summary>Why the processor stopped; <see cref="ExitReason.None"/> while it runs.</summary>
    public ExitReason Exit;

    /// <summary>Details of the exit: the faulting address, or the vector of a software interrupt.</summary>
    public ulong ExitAddress;

    /// <summary>Details of the exit: the page-fault or exception error code as hardware pushes it (SDM vol. 3, 4.7).</summary>
    public uint ExitCode;

    /// <summary>MXCSR (SDM vol. 1, 10.2.3).</summary>
    public uint Mxcsr;

    /// <summary>x87 control word.</summary>
    public ushort X87Control;

    /// <summary>x87 status word without TOP, which is <see cref="X87Top"/>.</summary>
    public ushort X87Status;

    /// <summary>Abridged x87 tag word as FXSAVE keeps it: bit n set when physical register n is in use.</summary>
    public byte X87Tag;

    /// <summary>Physical number of ST(0), 0 to 7.</summary>
    public byte X87Top;

    /// <summary>Last x87 opcode, 11 bits.</summary>
    public ushort X87Opcode;

    /// <summary>Selectors ES, CS, SS, DS, FS, GS, in encoding order, as user code reads them.</summary>
    public fixed ushort Selectors[6];

    /// <summary>Offset of the last x87 instruction.</summary>
    public ulong X87InstructionPointer;

    /// <summary>Offset of the last x87 memory operand.</summary>
    public ulong X87DataPointer;

    /// <summary>The address space's table for loads (see AddressSpace.ReadTable).</summary>
    public long* ReadTable;

    /// <summary>The address space's table for stores.</summary>
    public long* WriteTable;

    /// <summary>Bits of an address that the tables do not cover, and the offset in the page; all bits where there are no tables, which then have one entry, of zero.</summary>
    public ulong AddressMask;

    /// <summary>GCHandle of the <see cref="Processor"/> that owns this state.</summary>
    public nint Owner;

    /// <summary>The interpreter's table of block entries, for indirect branches.</summary>
    public Interpreter.BlockEntry* BlockTable;

    /// <summary>The operation whose handler runs, called by the interpreter or by translated code: what faults, when one does.</summary>
    public Table.Operation* Raising;

    /// <summary>What XGETBV(0) returns: which state XSAVE knows.</summary>
    public ulong Xcr0;

    /// <summary>Eight 16-byte slots: 80-bit x87 register in the low ten bytes (significand, then sign and exponent).</summary>
    public fixed ulong X87Registers[16];

    /// <summary>AVX-512 mask registers k0 to k7.</summary>
    public fixed ulong Opmask[8];

    /// <summary>Thirty-two vector registers of 64 bytes; XMM is the low 16, YMM the low 32.</summary>
    public fixed ulong Vectors[32 * 8];

    /// <summary>The address space's table of pages at home (see AddressSpace.HomeTable).</summary>
    public byte* HomeTable;

    /// <summary>Bits of a guest address that are turned over in the host address of a page at home.</summary>
    public ulong HomeMask;

    /// <summary>Where the pages around RSP begin that are at home and allow loads and stores; with <see cref="StackSpan"/> that spares translated code a look at each access to them.</summary>
    public ulong StackLow;

    /// <summary>How many bytes from <see cref="StackLow"/> on: whole pages; 0 when none are known. Only this processor's thread changes it, outside translated code.</summary>
    public ulong StackSpan;

    /// <summary>What <see cref="Faultline.Memory.AddressSpace.StoresTaken"/> was then.</summary>
    public long StackStamp;

    /// <summary>The branch whose target is looked up, to be linked; null when it cannot be.</summary>
    public Table.Operation* LinkFrom;

    /// <summary>Instructions the processor may execute after <see cref="Budget"/> before it returns with <see cref="ExitReason.BudgetSpent"/>.</summary>
    public long Reserve;

    /// <summary>At which of its entries a region is entered.</summary>
    public ulong EntryIndex;

    /// <summary>The operation through which the region was entered that control left for the dispatcher at a hand-over; null when it came there otherwise.</summary>
    public Table.Operation* LeftFrom;

    /// <summary>Non-zero when the next block must be interpreted, though it could be entered as a region.</summary>
    public int MustInterpret;

    /// <summary>Non-zero when code that may be running has changed; translated code leaves.</summary>
    public int CodeChanged;

    /// <summary>Counters of the translated region that runs; null in the interpreter, and always where nothing is profiled.</summary>
    public Profiling.RegionCounters* Running;

    /// <summary>Bytes between vector registers.</summary>
    public const int VectorStride = 64;

    /// <summary>Byte offset of a general register.</summary>
    public static int GprOffset(int number) => number * 8;

    /// <summary>Byte offset of a vector register.</summary>
    public static int VectorOffset(int number) => VectorsOffset + number * VectorStride;

    /// <summary>Byte offset of a physical x87 register, and of the MMX register of that number.</summary>
    public static int X87Offset(int physical) => X87RegistersOffset + physical * 16;

    /// <summary>Byte offset of <see cref="Zero"/>.</summary>
    public const int ZeroOffset = 136;

    /// <summary>Byte offset of <see cref="FsBase"/>.</summary>
    public const int FsBaseOffset = 144;

    /// <summary>Byte offset of <see cref="GsBase"/>.</summary>
    public const int GsBaseOffset = 152;

    /// <summary>Byte offset of <see cref="Selectors"/>.</summary>
    public const int SelectorsOffset = 232;

    /// <summary>Byte offset of <see cref="Opmask"/>.</summary>
    public const int OpmaskOffset = 448;

    private const int X87RegistersOffset = 320;
    private const int VectorsOffset = 512;

}
