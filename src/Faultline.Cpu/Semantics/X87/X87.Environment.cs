using System.Buffers.Binary;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.X87;

/// <content>FLDENV, FNSTENV, FRSTOR and FNSAVE in their 16-bit (66h) and 32-bit protected-mode images (SDM Vol. 1, 8.1.10).</content>
internal static unsafe partial class X87
{
    private const int Environment16 = 14;
    private const int Environment32 = 28;
    private const int RegistersSize = 80;

    /// <summary>FNSTENV, 28 bytes; masks all exceptions afterwards.</summary>
    public static void StoreEnvironment32(CpuState* s, Operation* o) => StoreEnvironment(s, o, Environment32);

    /// <summary>FNSTENV, 14 bytes.</summary>
    public static void StoreEnvironment16(CpuState* s, Operation* o) => StoreEnvironment(s, o, Environment16);

    /// <summary>FNSAVE, 108 bytes; initialises the x87 afterwards.</summary>
    public static void Save32(CpuState* s, Operation* o) => Save(s, o, Environment32);

    /// <summary>FNSAVE, 94 bytes.</summary>
    public static void Save16(CpuState* s, Operation* o) => Save(s, o, Environment16);

    /// <summary>FLDENV, 28 bytes.</summary>
    public static void LoadEnvironment32(CpuState* s, Operation* o) => LoadEnvironment(s, o, Environment32);

    /// <summary>FLDENV, 14 bytes.</summary>
    public static void LoadEnvironment16(CpuState* s, Operation* o) => LoadEnvironment(s, o, Environment16);

    /// <summary>FRSTOR, 108 bytes.</summary>
    public static void Restore32(CpuState* s, Operation* o) => Restore(s, o, Environment32);

    /// <summary>FRSTOR, 94 bytes.</summary>
    public static void Restore16(CpuState* s, Operation* o) => Restore(s, o, Environment16);

    /// <summary>The 11-bit opcode of the last instruction, as FNSTENV and FXSAVE store it.</summary>
    public static ushort Opcode(CpuState* s)
    {
        if (s->X87Opcode != OpcodeInCode)
            return s->X87Opcode;
        Span<byte> code = stackalloc byte[15];
        int length = Processor.Of(s).Memory.Read(s->X87InstructionPointer, code, out _);
        for (int i = 0; i + 1 < length; i++)
        {
            // Past the prefixes: the escape opcode's low three bits, then the ModRM byte.
            if ((code[i] & 0xF8) == 0xD8)
                return (ushort)(((code[i] & 7) << 8) | code[i + 1]);
        }

        return 0;
    }

    /// <summary>The full tag word: two bits per physical register, told from its contents.</summary>
    public static ushort TagWord(CpuState* s)
    {
        int tags = 0;
        for (int physical = 0; physical < 8; physical++)
        {
            int tag = 3;
            if ((s->X87Tag & (1 << physical)) != 0)
            {
                ulong significand = s->X87Registers[physical * 2];
                int exponent = (int)s->X87Registers[(physical * 2) + 1] & 0x7FFF;
                tag = (significand | (uint)exponent) == 0 ? 1 : exponent is 0 or 0x7FFF || (long)significand >= 0 ? 2 : 0;
            }

            tags |= tag << (physical * 2);
        }

        return (ushort)tags;
    }

    private static void StoreEnvironment(CpuState* s, Operation* o, int size)
    {
        Span<byte> image = stackalloc byte[Environment32];
        WriteEnvironment(s, image, size);
        WriteImage(s, Operand.Address(s, o), image[..size], size);
        s->X87Control |= (ushort)FloatFlags.All;
        Summarize(s);
    }

    private static void Save(CpuState* s, Operation* o, int size)
    {
        Span<byte> image = stackalloc byte[Environment32 + RegistersSize];
        WriteEnvironment(s, image, size);
        for (int i = 0; i < 8; i++)
        {
            Float80 value = Get(s, i);
            BinaryPrimitives.WriteUInt64LittleEndian(image[(size + (i * 10))..], value.Significand);
            BinaryPrimitives.WriteUInt16LittleEndian(image[(size + (i * 10) + 8)..], value.SignExponent);
        }

        WriteImage(s, Operand.Address(s, o), image[..(size + RegistersSize)], size);
        Reset(s);
    }

    private static void LoadEnvironment(CpuState* s, Operation* o, int size)
    {
        CheckPending(s);
        Span<byte> image = stackalloc byte[Environment32];
        ReadImage(s, Operand.Address(s, o), image[..size], size);
        ReadEnvironment(s, image, size);
    }

    private static void Restore(CpuState* s, Operation* o, int size)
    {
        CheckPending(s);
        Span<byte> image = stackalloc byte[Environment32 + RegistersSize];
        ReadImage(s, Operand.Address(s, o), image[..(size + RegistersSize)], size);
        ReadEnvironment(s, image, size);
        for (int i = 0; i < 8; i++)
        {
            int physical = Physical(s, i);
            s->X87Registers[physical * 2] = BinaryPrimitives.ReadUInt64LittleEndian(image[(size + (i * 10))..]);
            s->X87Registers[(physical * 2) + 1] = BinaryPrimitives.ReadUInt16LittleEndian(image[(size + (i * 10) + 8)..]);
        }
    }

    /// <summary>
    /// Stores an image. As in AMD's processors, a fault is looked for in the control word's field, then in the last byte, then in the rest.
    /// </summary>
    private static void WriteImage(CpuState* s, ulong address, ReadOnlySpan<byte> image, int size)
    {
        GuestAccess.EnsureWritable(s, address, FieldSize(size));
        GuestAccess.EnsureWritable(s, address + (ulong)image.Length - 1, 1);
        GuestAccess.Write(s, address, image);
    }

    /// <summary>Loads an image; faults are looked for in the same order.</summary>
    private static void ReadImage(CpuState* s, ulong address, Span<byte> image, int size)
    {
        GuestAccess.Read(s, address, image[..FieldSize(size)]);
        GuestAccess.Load<byte>(s, address + (ulong)image.Length - 1);
        GuestAccess.Read(s, address, image);
    }

    private static int FieldSize(int environmentSize) => environmentSize == Environment16 ? 2 : 4;

    private static void WriteEnvironment(CpuState* s, Span<byte> image, int size)
    {
        ushort status = StatusWord(s), tags = TagWord(s), opcode = Opcode(s);
        ushort codeSegment = CodeSegment(s);
        if (size == Environment16)
        {
            ReadOnlySpan<ushort> words =
                [s->X87Control, status, tags, (ushort)s->X87InstructionPointer, codeSegment, (ushort)s->X87DataPointer, 0];
            for (int i = 0; i < words.Length; i++)
                BinaryPrimitives.WriteUInt16LittleEndian(image[(i * 2)..], words[i]);
            return;
        }

        // Unused halves are stored as ones.
        ReadOnlySpan<uint> fields =
        [
            s->X87Control | 0xFFFF0000, status | 0xFFFF0000, tags | 0xFFFF0000,
            (uint)s->X87InstructionPointer, codeSegment | ((uint)opcode << 16), (uint)s->X87DataPointer, 0xFFFF0000,
        ];
        for (int i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(image[(i * 4)..], fields[i]);
    }

    private static void ReadEnvironment(CpuState* s, ReadOnlySpan<byte> image, int size)
    {
        int step = FieldSize(size);
        SetControl(s, BinaryPrimitives.ReadUInt16LittleEndian(image));
        SetStatus(s, BinaryPrimitives.ReadUInt16LittleEndian(image[step..]));
        int tags = BinaryPrimitives.ReadUInt16LittleEndian(image[(2 * step)..]);
        int used = 0;
        for (int physical = 0; physical < 8; physical++)
        {
            if (((tags >> (physical * 2)) & 3) != 3)
                used |= 1 << physical;
        }

        s->X87Tag = (byte)used;
        if (size == Environment16)
        {
            s->X87InstructionPointer = BinaryPrimitives.ReadUInt16LittleEndian(image[6..]);
            s->X87DataPointer = BinaryPrimitives.ReadUInt16LittleEndian(image[10..]);
            s->X87Opcode = 0;
        }
        else
        {
            s->X87InstructionPointer = BinaryPrimitives.ReadUInt32LittleEndian(image[12..]);
            s->X87Opcode = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(image[18..]) & 0x7FF);
            s->X87DataPointer = BinaryPrimitives.ReadUInt32LittleEndian(image[20..]);
        }
    }

    /// <summary>
    /// The selector stored with the instruction pointer: CS once an instruction was recorded. Selectors that an image brings in are not kept,
    /// and the data selector is stored as 0, as Linux's user data selectors are in 64-bit mode.
    /// </summary>
    private static ushort CodeSegment(CpuState* s) => s->X87InstructionPointer != 0 ? s->Selectors[1] : (ushort)0;
}
