using System.Globalization;
using Faultline.Elf.Symbols;
using Faultline.Elf.Tests.Support;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Unwind;

/// <summary>
/// A real stack (callbacks out of the C library, alloca, a signal frame), unwound here and by the C library of the host.
/// </summary>
public sealed class BacktraceTests
{
    [HostFact("gcc")]
    public void AgreesWithTheCLibraryInADynamicProgram() => Check("-O2", "-fomit-frame-pointer");

    [HostFact("gcc")]
    public void AgreesWithTheCLibraryInAnUnoptimisedProgram() => Check("-O0", "-no-pie", "-Wl,-z,norelro");

    [HostFact("gcc")]
    public void AgreesWithTheCLibraryInAStaticProgram() => Check("-O2", "-static");

    private static void Check(params string[] options)
    {
        string program = Path.Combine(AppContext.BaseDirectory, $"faultline-unwind-{Guid.NewGuid():n}");
        try
        {
            HostTool.Run("gcc", [.. options, "-o", program, Path.Combine(AppContext.BaseDirectory, "Unwind", "nested.c")]);
            Compare(program, HostTool.Run(program).Split('\n'));
        }
        finally
        {
            File.Delete(program);
        }
    }

    private static void Compare(string program, string[] lines)
    {
        List<(ulong Bias, ElfFile File, UnwindTable Table, FileElfSource Source)> images = [];
        RegisterSet registers = new() { IsExactPc = true };
        ulong[] expected = [];
        StackReader stack = new(0, []);
        foreach (string line in lines)
        {
            string[] cells = line.Split(' ');
            if (cells[0] == "image")
            {
                string path = cells.Length < 3 || cells[2].Length == 0 ? program : cells[2];
                if (File.Exists(path))
                {
                    FileElfSource source = new(path);
                    ElfFile file = ElfFile.Open(source, out _)!;
                    images.Add((Hexadecimal(cells[1]), file, UnwindTable.Create(file)!, source));
                }
            }
            else if (cells[0] == "registers")
            {
                for (int i = 0; i < RegisterSet.Count; i++)
                {
                    registers[(DwarfRegister)i] = Hexadecimal(cells[i + 1]);
                }
            }
            else if (cells[0] == "frames")
            {
                expected = cells.Skip(1).Select(Hexadecimal).ToArray();
            }
            else if (cells[0] == "stack")
            {
                stack = new StackReader(Hexadecimal(cells[1]), Convert.FromHexString(cells[2]));
            }
        }

        List<ulong> actual = [];
        List<string> names = [];
        UnwindStatus status = UnwindStatus.Unwound;
        int signals = 0;
        while (actual.Count < 64)
        {
            var image = images.LastOrDefault(image => Holds(image.File, registers.LookupPc - image.Bias));
            Assert.True(image.Table is not null, $"no image holds {registers.Rip:x}");
            ulong place = image.Table.IsSignalTrampoline(registers, image.Bias) ? registers.Rip : registers.LookupPc;
            names.Add(image.File.Symbols.TryFind(place - image.Bias, out ElfSymbol symbol, out _) ? symbol.Name.Split('.')[0] : "?");
            status = image.Table.Unwind(registers, image.Bias, stack, out RegisterSet caller);
            if (status != UnwindStatus.Unwound)
            {
                break;
            }

            actual.Add(caller.Rip);
            signals += caller.IsExactPc ? 1 : 0;
            registers = caller;
        }

        images.ForEach(image => image.Source.Dispose());
        Assert.Equal(expected, actual);
        Assert.Equal(UnwindStatus.EndOfStack, status);
        Assert.Equal(1, signals);
        Assert.Equal("report", names[0]);
        Assert.Contains("with_alloca", names);
        Assert.Contains("compare", names);
        Assert.Contains("main", names);
        Assert.Equal("_start", names[^1]);
        if (images.Count == 1)
        {
            Assert.Contains("__restore_rt", names);
        }
    }

    private static bool Holds(ElfFile file, ulong address)
    {
        foreach (ref readonly Elf.Headers.ProgramHeader segment in file.ProgramHeaders)
        {
            if (segment.p_type == Elf.Headers.SegmentType.PT_LOAD && address - segment.p_vaddr < segment.p_memsz)
            {
                return true;
            }
        }

        return false;
    }

    private static ulong Hexadecimal(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The part of a stack that was printed.</summary>
    private sealed class StackReader(ulong start, byte[] bytes) : IMemoryReader
    {
        public int Read(ulong address, Span<byte> buffer)
        {
            if (address - start >= (ulong)bytes.Length)
            {
                return 0;
            }

            ReadOnlySpan<byte> rest = bytes.AsSpan((int)(address - start));
            int count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            return count;
        }
    }
}
