using System.Buffers.Binary;
using Faultline.Cpu.State;
using Faultline.Cpu.Tests.Float;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.X87;

/// <summary>State images, pending exceptions, and what a faulting access leaves behind.</summary>
public sealed unsafe class X87StateTests
{
    private const int Rounds = 1000;
    private const int Output = 1024;
    private const int BlockSize = 2048;

    /// <summary>FRSTOR, FLDENV, FNSTENV and FNSAVE, 16- and 32-bit, from arbitrary images.</summary>
    [NativeTheory]
    [InlineData("DDA700000000", "DDB700040000", 108, 4)]
    [InlineData("66DDA700000000", "DDB700040000", 94, 2)]
    [InlineData("DDA700000000", "66DDB700040000", 108, 4)]
    [InlineData("66DDA700000000", "66DDB700040000", 94, 2)]
    [InlineData("D9A700000000", "D9B700040000", 28, 4)]
    [InlineData("66D9A700000000", "D9B700040000", 14, 2)]
    [InlineData("D9A700000000", "66D9B700040000", 28, 4)]
    public void LegacyImages(string load, string store, int size, int step) => Check(load + store, (block, operands) =>
    {
        FillRandom(block.AsSpan(0, size), operands);
        // Empty registers are equal only if their contents are: FLDENV alone shows what was there before.
        for (int i = 3 * step; i < 7 * step && size > 28; i++)
            block[i] = 0;
    });

    /// <summary>FXRSTOR and FXSAVE, with and without REX.W, and what FNSAVE makes of the state.</summary>
    [NativeTheory]
    [InlineData("0FAE8F00000000", "0FAE8700040000")]
    [InlineData("480FAE8F00000000", "480FAE8700040000")]
    [InlineData("0FAE8F00000000", "DDB700040000")]
    public void FxsaveImages(string load, string store) => Check(load + store, (block, operands) =>
    {
        FillRandom(block.AsSpan(0, 416), operands);
        block.AsSpan(6, 18).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(24), 0x1F80u | ((uint)operands.Next(4) << 13));
    });

    [Fact]
    public void UnmaskedExceptionIsRaisedByNextWaitingInstruction()
    {
        using GuestCode guest = new();
        guest.Memory.Write(GuestCode.DataStart, [0x7B, 0x03], out _);
        ulong waiting = 0;
        guest.Assemble(a =>
        {
            a.fninit();
            a.mov(rdi, GuestCode.DataStart);
            a.fldcw(__word_ptr[rdi]);
            a.fld1();
            a.fldz();
            a.fdivp(st1, st0);
            a.fnstsw(ax);
            a.fld1();
        });
        Assert.Equal(ExitReason.FloatingPoint, guest.Processor.Run());
        waiting = guest.State->Rip;
        Assert.Equal(0xB084, (int)(ushort)guest.State->Gpr[0]);
        byte[] code = new byte[2];
        guest.Memory.Read(waiting, code, out _);
        Assert.Equal([0xD9, 0xE8], code);
        // Nothing was pushed, and the operands of the division are still there.
        Assert.Equal(6, guest.State->X87Top);
        guest.Assemble(a =>
        {
            a.fnclex();
            a.fld1();
            a.wait();
        });
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        Assert.Equal(5, guest.State->X87Top);
    }

    [Fact]
    public void WaitRaisesPendingException()
    {
        using GuestCode guest = new();
        guest.State->X87Control = 0x37E;
        guest.State->X87Status = 0x8081;
        guest.Assemble(a => a.wait());
        Assert.Equal(ExitReason.FloatingPoint, guest.Processor.Run());
        Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
    }

    /// <summary>A store that faults has neither popped nor raised anything.</summary>
    [Fact]
    public void FaultingStoreChangesNothing()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.fninit();
            a.fldpi();
        });
        Action<Assembler>[] stores =
        [
            a => a.fstp(__dword_ptr[rsi]), a => a.fstp(__qword_ptr[rsi]), a => a.fstp(__tbyte_ptr[rsi]), a => a.fistp(__word_ptr[rsi]),
            a => a.fistp(__dword_ptr[rsi]), a => a.fistp(__qword_ptr[rsi]), a => a.fbstp(__tbyte_ptr[rsi]), a => a.fisttp(__qword_ptr[rsi]),
            a => a.fnsave(__dword_ptr[rsi]), a => a.fnstenv(__dword_ptr[rsi]),
        ];
        foreach (Action<Assembler> store in stores)
        {
            CpuState before = *guest.State;
            guest.State->Gpr[6] = 0x10000;
            guest.Assemble(store);
            Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
            Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
            Assert.Equal(before.X87Status, guest.State->X87Status);
            Assert.Equal(before.X87Top, guest.State->X87Top);
            Assert.Equal(before.X87Tag, guest.State->X87Tag);
            Assert.Equal(before.X87Control, guest.State->X87Control);
            Assert.Equal(before.X87InstructionPointer, guest.State->X87InstructionPointer);
        }
    }

    /// <summary>The pointers of the last instruction: its address, its operand's, its opcode.</summary>
    [Fact]
    public void EnvironmentNamesLastInstruction()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(rdi, GuestCode.DataStart);
            a.fninit();
            a.fld(__qword_ptr[rdi + 64]);
            a.fnstcw(__word_ptr[rdi + 128]);
            a.fnstenv(__dword_ptr[rdi]);
            a.fxsave64(__[rdi + 512]);
        });
        byte[] image = new byte[1024];
        guest.Memory.Read(GuestCode.DataStart, image, out _);
        ulong pointer = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(12));
        byte[] code = new byte[2];
        guest.Memory.Read(pointer, code, out _);
        Assert.Equal([0xDD, 0x47], code);
        Assert.Equal(0x0547_0033u, BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(16)));
        Assert.Equal((uint)GuestCode.DataStart + 64, BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(20)));
        Assert.Equal(0x547, BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(518)));
        Assert.Equal(pointer, BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(520)));
        Assert.Equal(GuestCode.DataStart + 64, BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(528)));
    }

    [Fact]
    public void FxrstorChecksAlignmentAndMxcsr()
    {
        using GuestCode guest = new();
        guest.Assemble(a => a.fxrstor(__[rdi]));
        guest.State->Gpr[7] = GuestCode.DataStart + 8;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        guest.State->Gpr[7] = GuestCode.DataStart;
        guest.Memory.Write(GuestCode.DataStart + 24, [0, 0, 1, 0], out _);
        guest.State->X87Control = 0x27F;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        Assert.Equal(0x27F, guest.State->X87Control);
        Assert.Equal(0x1F80u, guest.State->Mxcsr);
    }

    /// <summary>The constants in each rounding mode (SDM Vol. 2, FLD1).</summary>
    [Theory]
    [InlineData(0, 0xC90FDAA22168C235)]
    [InlineData(1, 0xC90FDAA22168C234)]
    [InlineData(2, 0xC90FDAA22168C235)]
    [InlineData(3, 0xC90FDAA22168C234)]
    public void ConstantsFollowRoundingControl(int mode, ulong significand)
    {
        using GuestCode guest = new();
        guest.State->X87Control = (ushort)(0x37F | (mode << 10));
        guest.Run(a => a.fldpi());
        Assert.Equal(significand, guest.State->X87Registers[14]);
        Assert.Equal(0x4000UL, guest.State->X87Registers[15]);
        Assert.Equal(0, guest.State->X87Status);
    }

    private static void FillRandom(Span<byte> bytes, Operands operands)
    {
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = operands.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)operands.Next(256) };
    }

    /// <summary>Runs hexadecimal code with RDI at a block here and on the host and compares the blocks.</summary>
    private static void Check(string hex, Action<byte[], Operands> fill)
    {
        byte[] code = Convert.FromHexString(hex);
        // FNSAVE at the end leaves the host's x87 initialised; nothing before it waits.
        using NativeCode native = NativeCode.Raw(a =>
        {
            a.fninit();
            a.db(code);
            a.fninit();
            a.mov(__dword_ptr[rdi + BlockSize - 4], 0x1F80);
            a.ldmxcsr(__dword_ptr[rdi + BlockSize - 4]);
            a.ret();
        });
        using GuestCode guest = new();
        guest.Assemble(a =>
        {
            a.fninit();
            a.db(code);
            a.fninit();
            a.mov(__dword_ptr[rdi + BlockSize - 4], 0x1F80);
        });
        Operands operands = new(hex.Length);
        byte[] buffer = GC.AllocateArray<byte>(BlockSize + 64, pinned: true);
        byte[] block = new byte[BlockSize], actual = new byte[BlockSize];
        bool wide = hex.Contains("0FAE87", StringComparison.Ordinal), environment = hex.Contains("D9B7", StringComparison.Ordinal);
        int step = hex.Contains("66DDB7", StringComparison.Ordinal) || hex.Contains("66D9B7", StringComparison.Ordinal) ? 2 : 4;
        for (int round = 0; round < Rounds; round++)
        {
            fill(block, operands);
            byte* aligned = (byte*)(((nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref buffer[0]) + 63) & ~63);
            block.CopyTo(new Span<byte>(aligned, BlockSize));
            native.Run(aligned);
            Span<byte> expected = new(aligned, BlockSize);
            guest.Memory.Write(GuestCode.DataStart, block, out _);
            guest.State->Rip = GuestCode.CodeStart;
            guest.State->Gpr[7] = GuestCode.DataStart;
            Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
            guest.Memory.Read(GuestCode.DataStart, actual, out _);
            // Pointers and opcode survive on the host only as long as its kernel does not switch threads; MXCSR_MASK is the model's.
            if (wide)
                Clear(expected, actual, Output + 6, 18);
            else
                Clear(expected, actual, Output + (3 * step), 4 * step);
            if (wide)
                Clear(expected, actual, Output + 28, 4);
            if (environment)
                Clear(expected, actual, Output + (2 * step), step);
            Assert.True(
                expected.SequenceEqual(actual),
                $"{hex}\nbefore {Convert.ToHexString(block, 0, 512)}\nhost   {Convert.ToHexString(expected.Slice(Output, 512))}\nhere   {Convert.ToHexString(actual, Output, 512)}");
        }
    }

    private static void Clear(Span<byte> expected, Span<byte> actual, int start, int length)
    {
        expected.Slice(start, length).Clear();
        actual.Slice(start, length).Clear();
    }
}
