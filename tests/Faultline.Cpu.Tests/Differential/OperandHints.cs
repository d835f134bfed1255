using System.Buffers.Binary;
using Faultline.Cpu.State;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Forms whose implicit or related operands must fit together for the case to reach anything of interest.</summary>
internal static unsafe class OperandHints
{
    /// <summary>Adjusts a case's state and memory to an instruction.</summary>
    public static void Apply(SplitMix random, in Instruction instruction, DiffCase test)
    {
        switch (instruction.FlowControl)
        {
            case FlowControl.IndirectBranch:
            case FlowControl.IndirectCall:
                ulong pad = Scratch.Code + 0x400 + (ulong)random.Below(0x100);
                if (instruction.Op0Kind == OpKind.Register)
                    test.Initial.Gpr[instruction.Op0Register.GetFullRegister() - Register.RAX] = pad;
                else
                    Poke(test, EffectiveAddress.Of(instruction, test.Initial), pad);
                return;
            case FlowControl.Return:
                Poke(test, test.Initial.Gpr[4], Scratch.Code + 0x400 + (ulong)random.Below(0x100));
                return;
        }

        if (instruction.IsStringInstruction)
        {
            Strings(random, instruction, test);
            return;
        }
        if (random.Chance(50))
        {
            RoutineFloats.Apply(random, instruction, test);
            RoutineExtendeds.Apply(random, instruction, test);
        }
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Bt or Mnemonic.Btc or Mnemonic.Btr or Mnemonic.Bts when instruction.Op0Kind == OpKind.Memory && instruction.Op1Kind == OpKind.Register:
                BitOffset(random, instruction, test);
                break;
            case Mnemonic.Div or Mnemonic.Idiv when random.Chance(80):
                Division(random, instruction, test);
                break;
            case Mnemonic.Maskmovdqu or Mnemonic.Maskmovq or Mnemonic.Vmaskmovdqu:
                test.Initial.Gpr[7] = random.Chance(80) ? Scratch.Data + (ulong)random.Below(0x2000) : Scratch.DataEnd - (ulong)random.Below(24);
                break;
            case Mnemonic.Psllw or Mnemonic.Pslld or Mnemonic.Psllq or Mnemonic.Psrlw or Mnemonic.Psrld or Mnemonic.Psrlq or Mnemonic.Psraw or Mnemonic.Psrad
                or Mnemonic.Vpsllw or Mnemonic.Vpslld or Mnemonic.Vpsllq or Mnemonic.Vpsrlw or Mnemonic.Vpsrld or Mnemonic.Vpsrlq or Mnemonic.Vpsraw
                or Mnemonic.Vpsrad or Mnemonic.Vpsllvd or Mnemonic.Vpsllvq or Mnemonic.Vpsrlvd or Mnemonic.Vpsrlvq or Mnemonic.Vpsravd when random.Chance(60):
                VectorHints.ShiftCounts(random, instruction, test);
                break;
            case Mnemonic.Xlatb:
                test.Initial.Gpr[3] = Scratch.Data + (ulong)random.Below(0x2000);
                break;
            case Mnemonic.Leave or Mnemonic.Enter:
                test.Initial.Gpr[5] = Scratch.Stack + (ulong)(8 * random.Below(64));
                break;
            case Mnemonic.Popf or Mnemonic.Popfd or Mnemonic.Popfq:
                Poke(test, test.Initial.Gpr[4], random.Next() & (Rflags.Status | Rflags.DF | Rflags.ID));
                break;
            case Mnemonic.Ldmxcsr or Mnemonic.Vldmxcsr:
                Poke(test, EffectiveAddress.Of(instruction, test.Initial), random.Next() & (random.Chance(80) ? 0xffffUL : 0xfffffffful));
                break;
            case Mnemonic.Cmpxchg8b or Mnemonic.Cmpxchg16b or Mnemonic.Cmpxchg when random.Chance(50):
                Equal(instruction, test);
                break;
            case Mnemonic.Fxrstor or Mnemonic.Fxrstor64:
                ulong image = EffectiveAddress.Of(instruction, test.Initial);
                if (image >= Scratch.Data && image + 512 <= Scratch.DataEnd)
                    BinaryPrimitives.WriteUInt32LittleEndian(test.Data.AsSpan((int)(image - Scratch.Data) + 24), (uint)random.Next() & 0xffff);
                break;
        }
    }

    private static void Strings(SplitMix random, in Instruction instruction, DiffCase test)
    {
        // Overlapping now and then; the count stays within the page on either side.
        ulong source = Scratch.Data + 0x800 + (ulong)random.Below(0x1800);
        test.Initial.Gpr[6] = source;
        test.Initial.Gpr[7] = random.Chance(40) ? source + (ulong)random.Below(64) - 32 : Scratch.Data + 0x800 + (ulong)random.Below(0x1800);
        bool repeated = instruction.HasRepPrefix || instruction.HasRepnePrefix;
        if (repeated || random.Chance(50))
            test.Initial.Gpr[1] = (ulong)random.Pick<int>([0, 1, 2, 3, 7, 16, 65, random.Below(200)]);
        if (instruction.Mnemonic is Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq && random.Chance(60))
        {
            int at = (int)(test.Initial.Gpr[7] - Scratch.Data), from = (int)(source - Scratch.Data), length = random.Below(300);
            test.Data.AsSpan(from, length).ToArray().CopyTo(test.Data.AsSpan(at));
        }
        else if (instruction.Mnemonic is Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd or Mnemonic.Scasq && random.Chance(60))
        {
            int at = (int)(test.Initial.Gpr[7] - Scratch.Data), length = 8 * random.Below(16);
            for (int i = 0; i < length; i += 8)
                BinaryPrimitives.WriteUInt64LittleEndian(test.Data.AsSpan(at + i), test.Initial.Gpr[0]);
        }
        if (instruction.SegmentPrefix == Register.GS)
            test.Initial.Gpr[6] -= Scratch.GsBase;
        bool narrow = false;
        for (int i = 0; i < instruction.OpCount; i++)
            narrow |= instruction.GetOpKind(i) is OpKind.MemorySegESI or OpKind.MemoryESEDI;
        if (!narrow)
            return;
        // What lies above 32-bit addresses and counts must not matter.
        foreach (int register in (ReadOnlySpan<int>)[1, 6, 7])
        {
            if (random.Chance(50))
                test.Initial.Gpr[register] = (uint)test.Initial.Gpr[register] | (random.Next() << 32);
        }
    }

    private static void BitOffset(SplitMix random, in Instruction instruction, DiffCase test)
    {
        int size = instruction.Op1Register.GetSize();
        int number = instruction.Op1Register.GetFullRegister() - Register.RAX;
        if (instruction.MemoryBase.GetFullRegister() - Register.RAX == number || instruction.MemoryIndex.GetFullRegister() - Register.RAX == number || number == 4)
            return;
        ulong value = (ulong)(random.Below(4096) - 2048);
        ulong mask = ulong.MaxValue >> (64 - 8 * size);
        test.Initial.Gpr[number] = (test.Initial.Gpr[number] & ~mask) | (value & mask);
    }

    private static void Division(SplitMix random, in Instruction instruction, DiffCase test)
    {
        int size = instruction.Op0Kind == OpKind.Memory ? instruction.MemorySize.GetSize() : instruction.Op0Register.GetSize();
        // A high half of zero, of the sign, or small, so that quotients fit.
        ulong low = test.Initial.Gpr[0];
        if (size == 1)
        {
            test.Initial.Gpr[0] = (low & ~0xff00UL) | (random.Chance(50) ? 0 : (ulong)((sbyte)low >> 7 & 0xff) << 8) | ((ulong)random.Below(4) << 8);
            return;
        }
        bool baseOrIndex = instruction.Op0Kind == OpKind.Memory && (instruction.MemoryBase.GetFullRegister() == Register.RDX || instruction.MemoryIndex.GetFullRegister() == Register.RDX);
        if (baseOrIndex)
            return;
        long sign = (long)(low << (64 - 8 * size)) >> 63;
        test.Initial.Gpr[2] = random.Below(3) switch { 0 => 0, 1 => (ulong)sign, _ => (ulong)random.Below(8) };
    }

    private static void Equal(in Instruction instruction, DiffCase test)
    {
        if (instruction.Op0Kind == OpKind.Register)
        {
            if (instruction.Op0Register is >= Register.RAX and <= Register.R15)
                test.Initial.Gpr[0] = test.Initial.Gpr[instruction.Op0Register - Register.RAX];
            return;
        }
        ulong at = EffectiveAddress.Of(instruction, test.Initial);
        if (instruction.Mnemonic == Mnemonic.Cmpxchg)
        {
            Poke(test, at, test.Initial.Gpr[0]);
        }
        else if (instruction.Mnemonic == Mnemonic.Cmpxchg8b)
        {
            Poke(test, at, (uint)test.Initial.Gpr[0] | (test.Initial.Gpr[2] << 32));
        }
        else
        {
            Poke(test, at, test.Initial.Gpr[0]);
            Poke(test, at + 8, test.Initial.Gpr[2]);
        }
    }

    private static void Poke(DiffCase test, ulong address, ulong value)
    {
        if (address >= Scratch.Data && address <= Scratch.DataEnd - 8)
            BinaryPrimitives.WriteUInt64LittleEndian(test.Data.AsSpan((int)(address - Scratch.Data)), value);
    }
}
