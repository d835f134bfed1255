using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

// Memory operands.
internal static unsafe partial class InstructionGenerator
{
    private static void PlaceMemory(SplitMix random, ref Instruction instruction, OpCodeOperandKind kind, DiffCase test, ulong ip, bool inBlock)
    {
        ulong address = Target(random, inBlock);
        if (instruction.Code is Code.Lea_r16_m or Code.Lea_r32_m or Code.Lea_r64_m)
            address = random.Next();
        Span<byte> window = Window(test, address, instruction.Code.ToOpCode().MemorySize.GetSize());
        if (!inBlock || !random.Chance(20))
            TroubleValues.Lanes(random, window);
        if (window.Length >= 10 && random.Chance(15))
            TroubleValues.Extended(random, window);

        if (kind == OpCodeOperandKind.mem_offs)
        {
            instruction.MemoryDisplSize = 8;
            instruction.MemoryDisplacement64 = address;
            return;
        }
        if (kind is OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib32y or OpCodeOperandKind.mem_vsib64x or OpCodeOperandKind.mem_vsib64y)
        {
            PlaceVsib(random, ref instruction, kind, test);
            return;
        }
        if (inBlock || random.Chance(15))
        {
            PlaceWithoutRegisters(random, ref instruction, address, ip);
            return;
        }
        PlaceWithRegisters(random, ref instruction, address, test);
    }

    /// <summary>An address in the data region: aligned, unaligned, across a page, at its very end or a little beyond, in the read-only page or across its ends.</summary>
    private static ulong Target(SplitMix random, bool inBlock)
    {
        const int general = 0x3000;
        int kind = random.Below(inBlock ? 92 : 100);
        return kind switch
        {
            < 60 => Scratch.Data + (ulong)(random.Below(general / 64 - 16) * 64),
            < 80 => Scratch.Data + (ulong)random.Below(general - 1024),
            < 92 => Scratch.Data + (ulong)(0x1000 * (1 + random.Below(2)) - random.Below(64)),
            < 95 => Scratch.DataEnd - (ulong)(1 << random.Below(6)),
            < 98 => Scratch.DataEnd - (ulong)random.Below(16),
            < 99 => Scratch.Data - (ulong)random.Below(16),
            _ => Scratch.ReadOnly - 16 + (ulong)random.Below(Scratch.ReadOnlySize + 16),
        };
    }

    private static void PlaceWithoutRegisters(SplitMix random, ref Instruction instruction, ulong address, ulong ip)
    {
        instruction.MemoryDisplacement64 = address;
        if (random.Chance(60) && Math.Abs((long)(address - ip)) < int.MaxValue)
        {
            instruction.MemoryBase = random.Chance(80) ? Register.RIP : Register.EIP;
            instruction.MemoryDisplSize = instruction.MemoryBase == Register.RIP ? 8 : 4;
            if (instruction.MemoryBase == Register.EIP)
                instruction.MemoryDisplacement64 = (uint)address;
            return;
        }
        // Displacement alone: sign-extended from 32 bits, or zero-extended with an address-size prefix.
        instruction.MemoryDisplSize = random.Chance(70) ? 8 : 4;
        instruction.MemoryDisplacement64 = instruction.MemoryDisplSize == 8 ? (ulong)(int)address : (uint)address;
    }

    private static void PlaceWithRegisters(SplitMix random, ref Instruction instruction, ulong address, DiffCase test)
    {
        bool narrow = random.Chance(12);
        bool gs = random.Chance(8);
        Register first = narrow ? Register.EAX : Register.RAX;
        int memoryBase = Gpr(random);
        int index = random.Chance(50) ? random.Below(16) : -1;
        if (index == 4 || index == memoryBase)
            index = -1;
        int scale = index >= 0 ? random.Below(4) : 0;
        if (memoryBase == 4)
        {
            address = Scratch.Stack + (ulong)(8 * random.Below(16));
            if (index >= 0 && random.Chance(85))
                test.Initial.Gpr[index] = (ulong)random.Below(32);
        }

        int size = random.Below(3);
        long displacement = size switch { 0 => 0, 1 => (sbyte)random.Next(), _ => (int)TroubleValues.Integer(random, 4) };
        instruction.MemoryBase = first + memoryBase;
        if (index >= 0)
        {
            instruction.MemoryIndex = first + index;
            instruction.MemoryIndexScale = 1 << scale;
        }
        if (gs)
            instruction.SegmentPrefix = Register.GS;

        ulong rest = address - (gs ? Scratch.GsBase : 0) - (index >= 0 ? test.Initial.Gpr[index] << scale : 0);
        if (memoryBase == 4)
        {
            // RSP keeps its value; the displacement does the rest where it can.
            displacement = random.Chance(10) ? displacement : (long)(rest - test.Initial.Gpr[4]);
            displacement = (int)displacement;
        }
        else
        {
            ulong value = rest - (ulong)displacement;
            test.Initial.Gpr[memoryBase] = narrow ? (random.Next() & 0xffffffff00000000) | (uint)value : value;
        }
        instruction.MemoryDisplacement64 = narrow ? (uint)displacement : (ulong)displacement;
        instruction.MemoryDisplSize = displacement == 0 ? 0 : displacement is >= sbyte.MinValue and <= sbyte.MaxValue ? 1 : narrow ? 4 : 8;
    }

    /// <summary>
    /// Index elements become small offsets, so that most elements lie in the data region. With a base near the region's end some do not, and now and then an
    /// element points anywhere.
    /// </summary>
    private static void PlaceVsib(SplitMix random, ref Instruction instruction, OpCodeOperandKind kind, DiffCase test)
    {
        bool wide = kind is OpCodeOperandKind.mem_vsib32y or OpCodeOperandKind.mem_vsib64y;
        int number = random.Below(16);
        instruction.MemoryIndex = (wide ? Register.YMM0 : Register.XMM0) + number;
        instruction.MemoryIndexScale = 1 << random.Below(4);
        PlaceVsibBase(random, ref instruction, random.Chance(80) ? Scratch.Data + 0x1000 + (ulong)random.Below(0x1000) : Scratch.DataEnd - (ulong)random.Below(0x200), test);

        int width = kind is OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib32y ? 4 : 8;
        bool anywhere = random.Chance(10);
        fixed (byte* p = test.Initial.Ymm)
        {
            for (int i = 0; i < 32; i += width)
            {
                long value = anywhere && random.Chance(30) ? (long)random.Next() : random.Below(0x100) - 0x80;
                if (width == 4)
                    *(int*)(p + 32 * number + i) = (int)value;
                else
                    *(long*)(p + 32 * number + i) = value;
            }
        }
    }

    private static void PlaceVsibBase(SplitMix random, ref Instruction instruction, ulong address, DiffCase test)
    {
        bool narrow = random.Chance(12);
        if (random.Chance(8))
        {
            instruction.SegmentPrefix = Register.GS;
            address -= Scratch.GsBase;
        }
        if (random.Chance(10))
        {
            instruction.MemoryDisplSize = narrow ? 4 : 8;
            instruction.MemoryDisplacement64 = address;
            return;
        }
        int memoryBase = random.Below(16);
        int displacement = random.Below(3) switch { 0 => 0, 1 => (sbyte)random.Next(), _ => (int)random.Next() };
        instruction.MemoryBase = (narrow ? Register.EAX : Register.RAX) + memoryBase;
        instruction.MemoryDisplSize = displacement == 0 ? 0 : displacement is >= sbyte.MinValue and <= sbyte.MaxValue ? 1 : narrow ? 4 : 8;
        instruction.MemoryDisplacement64 = narrow ? (uint)displacement : (ulong)displacement;
        ulong value = address - (ulong)displacement;
        test.Initial.Gpr[memoryBase] = narrow ? (random.Next() & 0xffffffff00000000) | (uint)value : value;
    }

    /// <summary>The bytes of an operand and those after it, as far as the data region has them.</summary>
    private static Span<byte> Window(DiffCase test, ulong address, int size)
    {
        long at = (long)(address - Scratch.Data);
        return at < 0 || at >= Scratch.DataSize ? [] : test.Data.AsSpan((int)at, Math.Min(size is > 0 and <= 32 ? 32 : 512, Scratch.DataSize - (int)at));
    }
}
