using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Mutation;

/// <summary>Runs everything in the room over one file, and checks what must hold for any file.</summary>
internal sealed class Exerciser : IMemoryReader
{
    private readonly ulong[] _addresses = new ulong[8];

    /// <summary>How many files were accepted as programs, how many had symbols, and how many frames were unwound.</summary>
    public (int Programs, int WithSymbols, int Unwound, int Rows) Reached { get; private set; }

    /// <summary>A memory that is readable everywhere, so that hostile tables get far.</summary>
    public int Read(ulong address, Span<byte> buffer)
    {
        buffer.Fill((byte)(address >> 3));
        return buffer.Length;
    }

    public void Run(IElfSource source, Random random)
    {
        for (ElfRole role = ElfRole.Program; role <= ElfRole.Inspect; role++)
        {
            ElfFile? file = ElfFile.Open(source, role, out ElfError error);
            Check(file is not null, error);
            if (file is not null && role != ElfRole.Inspect)
            {
                ElfImageLayout? layout = ElfImageLayout.Create(file, role, out error);
                Check(layout is not null, error);
                if (layout is not null)
                {
                    CheckPlan(layout);
                    LoadHistory history = new(file, layout, new LoadPolicy(LoadPolicyKind.HostPage, 0x1_0000));
                    Assert.All(history.FindDamage(), damage => Assert.True(damage.From < damage.To));
                    Assert.Equal(layout.Entry, history.Explain(layout.Entry).Address);
                    Reached = Reached with { Programs = Reached.Programs + 1 };
                }
            }
            else if (file is not null)
            {
                Inspect(file, random);
            }
        }
    }

    private static void Check(bool isAccepted, ElfError error)
    {
        Assert.Equal(isAccepted, error.Code == ElfErrorCode.None);
        Assert.Equal(isAccepted, error.Errno == 0);
        Assert.Equal(isAccepted, error.Message.Length == 0);
        Assert.True(error.Message.Length < 300 && !error.Message.Contains('\n'));
    }

    private static void CheckPlan(ElfImageLayout layout)
    {
        LoadStep[] steps = [.. Enum.GetValues<LoadPolicyKind>().SelectMany(kind => LoadPlan.Create(layout, new LoadPolicy(kind, 0x4000)))];
        foreach (LoadStep step in steps)
        {
            if (step.Length == 0
                || step.Address >= ElfPage.TASK_SIZE
                || step.Length > ElfPage.TASK_SIZE - step.Address
                || step.FileOffset > long.MaxValue - step.Length
                || (step.Kind != LoadStepKind.ZeroFill && ((step.Address | step.Length | step.FileOffset) & 0xfff) != 0)
                || (step.Kind == LoadStepKind.ZeroFill && (step.Length >= 0x1000 || ((step.Address + step.Length) & 0xfff) != 0)))
            {
                Assert.Fail($"a step that no mmap could do: {step}");
            }
        }

        Assert.True(layout.SpanLength <= ElfPage.TASK_SIZE);
        Assert.True(layout.Interpreter is null || layout.Interpreter.Length < ElfFile.PATH_MAX);
    }

    private void Inspect(ElfFile file, Random random)
    {
        for (int i = 0; i < file.Sections.Headers.Length; i++)
        {
            string? name = file.Sections.NameOf(i);
            Assert.True(name is null || name.Length <= 256);
        }

        file.Sections.Find(".text");
        file.Dynamic.GetNeeded();
        file.Dynamic.GetString(Elf.Dynamic.DynamicTag.DT_SONAME);
        file.Notes.GetBuildId();
        file.Notes.TryGetProperty(Elf.Notes.GnuProperty.GNU_PROPERTY_X86_FEATURE_1_AND, out _);
        for (int i = 0; i < Math.Min(file.Notes.All.Count, 16); i++)
        {
            file.Notes.ReadDescriptor(file.Notes.All[i]);
        }

        ChooseAddresses(file, random);
        ElfSymbolTable symbols = file.Symbols;
        foreach (ulong address in _addresses)
        {
            if (symbols.TryFind(address, out ElfSymbol symbol, out ulong offset))
            {
                Assert.True(symbol.Address + offset == address);
            }
        }

        Reached = Reached with { WithSymbols = Reached.WithSymbols + (symbols.Count > 0 ? 1 : 0) };
        if (UnwindTable.Create(file) is UnwindTable table)
        {
            Unwind(table, random);
        }
    }

    private void ChooseAddresses(ElfFile file, Random random)
    {
        _addresses[0] = file.Header.e_entry;
        _addresses[1] = (ulong)random.NextInt64();
        _addresses[2] = ulong.MaxValue;
        _addresses[3] = 0;
        for (int i = 4; i < _addresses.Length; i++)
        {
            ElfSymbolTable symbols = file.Symbols;
            _addresses[i] = symbols.Count != 0 && random.Next(2) == 0
                ? symbols[random.Next(symbols.Count)].Address + (ulong)random.Next(64)
                : Support.SampleElf.F1 + (ulong)random.Next(0xa0);
        }
    }

    private void Unwind(UnwindTable table, Random random)
    {
        foreach (ulong address in _addresses)
        {
            RegisterSet registers = new() { IsExactPc = true };
            for (int i = 0; i < RegisterSet.Count - 1; i++)
            {
                registers[(DwarfRegister)i] = 0x7ffe_0000_0000 + (ulong)random.Next();
            }

            registers[DwarfRegister.Rip] = address;
            if (table.FindRow(address, out FrameEntry entry, out _) == UnwindStatus.Unwound)
            {
                Assert.True(entry.Covers(address));
                Reached = Reached with { Rows = Reached.Rows + 1 };
                UnwindStatus status = table.Unwind(registers, 0, this, out RegisterSet caller);
                Assert.True(status != UnwindStatus.Unwound || caller.Rip != 0);
                Reached = Reached with { Unwound = Reached.Unwound + (status == UnwindStatus.Unwound ? 1 : 0) };
            }
        }
    }
}
