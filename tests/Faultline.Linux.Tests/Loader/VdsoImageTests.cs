using Faultline.Elf;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;
using Faultline.Elf.Unwind;
using Faultline.Linux.Loader.Vdso;
using Faultline.Linux.Tests.Support;
using Iced.Intel;

namespace Faultline.Linux.Tests.Loader;

/// <summary>The image of the vDSO; what its functions do is shown by tests/guest/c/vdso.c.</summary>
public class VdsoImageTests
{
    private static readonly string[] _functions = ["clock_gettime", "gettimeofday", "time", "getcpu", "clock_getres"];

    /// <summary>Code is written as bytes: each must be an instruction, and each jump must lead to one of its own function.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FunctionsAreWholeInstructions(bool isTimestampMonotonic)
    {
        byte[] image = VdsoImage.Of(isTimestampMonotonic);
        ElfFile file = ElfFile.Open(new MemoryElfSource(image), out _)!;
        foreach (string name in _functions)
        {
            ElfSymbol symbol = Find(file, "__vdso_" + name);
            Assert.Equal(symbol.Address, Find(file, name).Address);
            ByteArrayCodeReader reader = new(image, (int)symbol.Address, (int)symbol.Size);
            Decoder decoder = Decoder.Create(64, reader, symbol.Address);
            List<Instruction> instructions = [];
            while (reader.CanReadByte)
                instructions.Add(decoder.Decode());
            Assert.DoesNotContain(instructions, i => i.IsInvalid || i.StackPointerIncrement != 0 && i.FlowControl != FlowControl.Return);
            Assert.Equal(Code.Retnq, instructions[^1].Code);
            HashSet<ulong> starts = [.. instructions.Select(i => i.IP)];
            foreach (Instruction jump in instructions.Where(i => i.FlowControl == FlowControl.ConditionalBranch))
                Assert.Contains(jump.NearBranchTarget, starts);
            Assert.Equal(isTimestampMonotonic && name == "clock_gettime", instructions.Exists(i => i.Code == Code.Rdtsc));
        }
    }

    /// <summary>The unwind table covers every byte of code.</summary>
    [Fact]
    public void HasUnwindEntries()
    {
        byte[] image = VdsoImage.Of(true);
        ElfFile file = ElfFile.Open(new MemoryElfSource(image), out _)!;
        UnwindTable table = UnwindTable.Create(file)!;
        foreach (string name in _functions)
        {
            ElfSymbol symbol = Find(file, name);
            for (ulong at = symbol.Address; at < symbol.Address + symbol.Size; at++)
            {
                RegisterSet frame = default;
                frame[DwarfRegister.Rip] = at;
                frame[DwarfRegister.Rsp] = 0x1000;
                frame.IsExactPc = true;
                Assert.Equal(UnwindStatus.Unwound, table.Unwind(frame, 0, new Stack(), out RegisterSet caller));
                Assert.Equal(0x1008UL, caller[DwarfRegister.Rsp]);
                Assert.Equal(0x4242UL, caller[DwarfRegister.Rip]);
            }
        }
    }

    /// <summary>As natively, a trace does not show what the vDSO does, and what goes around it is shown.</summary>
    [ToolFact("gcc")]
    public void DoesNotShowInTraces()
    {
        Guest guest = Guest.Run(Guest.Compile("vdso", "-fexceptions", "-fasynchronous-unwind-tables", "-fno-optimize-sibling-calls"), [], trace: true);
        Assert.Equal(42, guest.Status);
        Assert.Equal(7000 * 2, Count(guest.Trace, "clock_gettime(CLOCK_") - Count(guest.Trace, "CPUTIME_ID"));
        Assert.Equal(2000, Count(guest.Trace, "gettimeofday({"));
    }

    private static ElfSymbol Find(ElfFile file, string name) => file.Symbols[Assert.Single(file.Symbols.FindName(name))];

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    /// <summary>A stack full of one return address.</summary>
    private sealed class Stack : IMemoryReader
    {
        public int Read(ulong address, Span<byte> buffer)
        {
            buffer.Clear();
            (buffer[0], buffer[1]) = (0x42, 0x42);
            return buffer.Length;
        }
    }
}
