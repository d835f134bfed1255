using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;
using Faultline.Cpu.Tests.Differential;
using Faultline.Cpu.Tests.Float;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.X87;

/// <summary>
/// Every x87 form from random states, masked and unmasked, full, empty and mixed stacks, against the host: FRSTOR, the instruction, FNSAVE. FNSAVE
/// does not wait, so that an unmasked exception is seen in the status word and raises nothing.
/// </summary>
public sealed unsafe class X87NativeTests
{
    private const int Rounds = 250;
    private const int ImageSize = 108;
    private const int FlagsIn = 112;
    private const int ImageOut = 128;
    private const int FlagsOut = 240;
    private const int RaxOut = 248;
    private const int MemoryOperand = 256;
    private const int BlockSize = 288;

    /// <summary>One escape opcode per test: its register forms.</summary>
    [NativeTheory]
    [InlineData(0xD8)]
    [InlineData(0xD9)]
    [InlineData(0xDA)]
    [InlineData(0xDB)]
    [InlineData(0xDC)]
    [InlineData(0xDD)]
    [InlineData(0xDE)]
    [InlineData(0xDF)]
    public void RegisterForms(int escape)
    {
        using GuestCode guest = new();
        int forms = 0;
        for (int modrm = 0xC0; modrm <= 0xFF; modrm++)
        {
            // The stack registers of one group share a body: two of the eight are enough.
            Instruction instruction = Decode(escape, modrm);
            bool hasIndex = instruction.OpCount > 0 && instruction.Code != Code.Fnstsw_AX;
            if (instruction.IsInvalid || (hasIndex && (modrm & 7) is not (0 or 1 or 5)))
                continue;
            if (!HostFeatures.DecidesAlike && ExcludedForms.IsTranscendental(instruction.Mnemonic))
                continue;
            // FRSTPM is #UD here, and the others of its kind do nothing.
            if (instruction.Code == Code.Frstpm)
                continue;
            Check(guest, instruction, [(byte)escape, (byte)modrm]);
            forms++;
        }

        Assert.True(forms >= 3);
    }

    /// <summary>One escape opcode per test: its memory forms but the ones that load and store whole states.</summary>
    [NativeTheory]
    [InlineData(0xD8)]
    [InlineData(0xD9)]
    [InlineData(0xDA)]
    [InlineData(0xDB)]
    [InlineData(0xDC)]
    [InlineData(0xDD)]
    [InlineData(0xDE)]
    [InlineData(0xDF)]
    public void MemoryForms(int escape)
    {
        using GuestCode guest = new();
        int forms = 0;
        for (int reg = 0; reg < 8; reg++)
        {
            // [RSI]
            int modrm = (reg << 3) | 6;
            Instruction instruction = Decode(escape, modrm);
            if (instruction.IsInvalid || instruction.MemorySize is MemorySize.FpuEnv28 or MemorySize.FpuState108)
                continue;
            Check(guest, instruction, [(byte)escape, (byte)modrm]);
            forms++;
        }

        Assert.True(forms >= 4);
    }

    private static Instruction Decode(int escape, int modrm)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader([(byte)escape, (byte)modrm]));
        return decoder.Decode();
    }

    private static void Check(GuestCode guest, Instruction instruction, byte[] bytes)
    {
        using NativeCode native = NativeCode.Raw(a =>
        {
            a.mov(rax, __qword_ptr[rdi + RaxOut]);
            a.lea(rsi, __[rdi + MemoryOperand]);
            a.frstor(__dword_ptr[rdi]);
            a.push(__qword_ptr[rdi + FlagsIn]);
            a.popfq();
            a.db(bytes);
            a.pushfq();
            a.pop(__qword_ptr[rdi + FlagsOut]);
            a.mov(__qword_ptr[rdi + RaxOut], rax);
            a.fnsave(__dword_ptr[rdi + ImageOut]);
            a.ret();
        });
        guest.Assemble(a =>
        {
            a.mov(rax, __qword_ptr[rdi + RaxOut]);
            a.lea(rsi, __[rdi + MemoryOperand]);
            a.frstor(__dword_ptr[rdi]);
            a.db(bytes);
            a.mov(__qword_ptr[rdi + RaxOut], rax);
            a.fnsave(__dword_ptr[rdi + ImageOut]);
        });
        Operands operands = new(instruction.Code.GetHashCode());
        byte[] block = new byte[BlockSize], expected = new byte[BlockSize], actual = new byte[BlockSize];
        int apart = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Fill(block, operands, instruction);
            block.CopyTo(expected, 0);
            fixed (byte* pointer = expected)
                native.Run(pointer);
            guest.Memory.Write(GuestCode.DataStart, block, out _);
            guest.State->Rip = GuestCode.CodeStart;
            guest.State->Gpr[7] = GuestCode.DataStart;
            Flags.Load(guest.State, BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(FlagsIn)));
            ExitReason exit = guest.Processor.Run();
            Assert.True(exit == ExitReason.SystemCall, $"{instruction} ({instruction.Code}): {exit} at {guest.State->Rip:X}");
            guest.Memory.Read(GuestCode.DataStart, actual, out _);
            BinaryPrimitives.WriteUInt32LittleEndian(actual.AsSpan(FlagsOut), Flags.Materialize(guest.State));
            // Instruction and data pointers differ because the code is elsewhere. The opcode is lost when the host's kernel switches threads.
            if (BinaryPrimitives.ReadUInt16LittleEndian(expected.AsSpan(ImageOut + 18)) == 0)
                actual.AsSpan(ImageOut + 18, 2).Clear();
            foreach (byte[] result in (byte[][])[expected, actual])
            {
                result.AsSpan(ImageOut + 12, 6).Clear();
                result.AsSpan(ImageOut + 20, 8).Clear();
            }

            if (IsTranscendental(instruction.Code) && IsClose(expected, actual))
            {
                apart++;
                continue;
            }

            Assert.True(
                expected.AsSpan().SequenceEqual(actual),
                $"{instruction} ({instruction.Code})\nbefore {Show(block, 0)}\nhost   {Show(expected, ImageOut)}\nhere   {Show(actual, ImageOut)}");
        }

        Assert.True(apart <= Rounds / 4);
    }

    /// <summary>A random state: mostly full stacks, all control words, flags that are not yet pending.</summary>
    private static void Fill(byte[] block, Operands operands, Instruction instruction)
    {
        Array.Clear(block);
        int masks = operands.Next(3) == 0 ? operands.Next(64) : 63;
        int control = masks | 0x40 | (operands.Next(4) << 10) | (operands.Next(4) switch { 0 => 0, 1 => 0x200, _ => 0x300 });
        int status = (operands.Next(64) & masks & (operands.Next(2) == 0 ? 0 : 63)) | (operands.Next(8) << 11) | (operands.Next(16) << 8 & 0x4700);
        int used = operands.Next(4) switch { 0 => operands.Next(256), 1 => 0x7F, 2 => 0xFE, _ => 0xFF };
        int top = (status >> 11) & 7;
        if (operands.Next(3) != 0)
            used &= ~(1 << ((top + 7) & 7));
        int tags = 0;
        for (int i = 0; i < 8; i++)
            tags |= (used & (1 << i)) != 0 ? 0 : 3 << (i * 2);
        BinaryPrimitives.WriteInt32LittleEndian(block, control);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), status);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(8), tags);
        for (int i = 0; i < 8; i++)
        {
            Float80 value = operands.Next80();
            BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(28 + (i * 10)), value.Significand);
            BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(36 + (i * 10)), value.SignExponent);
        }

        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(FlagsIn), 0x202 | (operands.Next(0x1000) & 0x8D5));
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(RaxOut), 0x1122334455667788);
        FillOperand(block.AsSpan(MemoryOperand), operands, instruction.MemorySize);
    }

    private static void FillOperand(Span<byte> operand, Operands operands, MemorySize size)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(operand[8..], operands.Bits(64));
        switch (size)
        {
            case MemorySize.Float32:
                BinaryPrimitives.WriteUInt64LittleEndian(operand, operands.Next32());
                break;
            case MemorySize.Float64:
                BinaryPrimitives.WriteUInt64LittleEndian(operand, operands.Next64());
                break;
            case MemorySize.Bcd:
                for (int i = 0; i < 9; i++)
                    operand[i] = (byte)((operands.Next(10) << 4) | operands.Next(10));
                break;
            case MemorySize.UInt16:
                // A control word. An exception that it unmasks must not be pending: the code after it waits.
                BinaryPrimitives.WriteUInt64LittleEndian(operand, operands.Bits(16) | 0x3F);
                break;
            default:
                Float80 value = operands.Next80();
                BinaryPrimitives.WriteUInt64LittleEndian(operand, value.Significand);
                BinaryPrimitives.WriteUInt16LittleEndian(operand[8..], value.SignExponent);
                break;
        }
    }

    private static bool IsTranscendental(Code code) =>
        code is Code.F2xm1 or Code.Fyl2x or Code.Fyl2xp1 or Code.Fpatan or Code.Fptan or Code.Fsin or Code.Fcos or Code.Fsincos;

    /// <summary>Whether the states differ, and only in the last place of a result and in C1, which says how that was rounded.</summary>
    private static bool IsClose(byte[] expected, byte[] actual)
    {
        if (expected.AsSpan().SequenceEqual(actual))
            return false;
        byte[] left = (byte[])expected.Clone(), right = (byte[])actual.Clone();
        left[ImageOut + 5] &= 0xFD;
        right[ImageOut + 5] &= 0xFD;
        for (int i = 0; i < 2; i++)
        {
            Span<byte> a = left.AsSpan(ImageOut + 28 + (i * 10), 10), b = right.AsSpan(ImageOut + 28 + (i * 10), 10);
            Int128 distance = Position(a) - Position(b);
            if (Int128.Abs(distance) <= 1)
                a.CopyTo(b);
        }

        return left.AsSpan().SequenceEqual(right);
    }

    private static Int128 Position(ReadOnlySpan<byte> value)
    {
        ushort signExponent = BinaryPrimitives.ReadUInt16LittleEndian(value[8..]);
        Int128 magnitude = ((Int128)(signExponent & 0x7FFF) << 63) + (long)(BinaryPrimitives.ReadUInt64LittleEndian(value) & long.MaxValue);
        return (signExponent & 0x8000) != 0 ? -magnitude : magnitude;
    }

    private static string Show(byte[] block, int image)
    {
        ReadOnlySpan<byte> b = block.AsSpan(image);
        string registers = "";
        for (int i = 0; i < 8; i++)
            registers += $" {BinaryPrimitives.ReadUInt16LittleEndian(b[(36 + (i * 10))..]):X4}:{BinaryPrimitives.ReadUInt64LittleEndian(b[(28 + (i * 10))..]):X16}";
        ReadOnlySpan<byte> all = block;
        return $"CW {BinaryPrimitives.ReadUInt16LittleEndian(b):X4} SW {BinaryPrimitives.ReadUInt16LittleEndian(b[4..]):X4} TW {BinaryPrimitives.ReadUInt16LittleEndian(b[8..]):X4} "
            + $"op {BinaryPrimitives.ReadUInt16LittleEndian(b[18..]):X4} RFLAGS {MemoryMarshal.Read<uint>(all[(image == 0 ? FlagsIn : FlagsOut)..]):X} "
            + $"RAX {MemoryMarshal.Read<ulong>(all[RaxOut..]):X} memory {Convert.ToHexString(all.Slice(MemoryOperand, 16))}{registers}";
    }
}
