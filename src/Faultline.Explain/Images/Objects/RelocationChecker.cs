using Faultline.Elf;
using Faultline.Elf.Relocations;
using Faultline.Elf.Symbols;

namespace Faultline.Explain.Images.Objects;

/// <summary>Computes the relocations of an object for the addresses at which its sections are to be.</summary>
internal sealed class RelocationChecker
{
    private readonly ElfFile _file;
    private readonly ulong[] _addresses;
    private readonly LoaderRules _rules;

    /// <summary>Checks <paramref name="file"/> with section i at <paramref name="addresses"/>[i], as a loader does.</summary>
    public RelocationChecker(ElfFile file, ulong[] addresses, LoaderRules rules)
    {
        _file = file;
        _addresses = addresses;
        _rules = rules;
    }

    /// <summary>Every relocation of one table, in order; a table or symbol table that cannot be read gives what it has.</summary>
    public IEnumerable<CheckedRelocation> Check(int tableSection)
    {
        if (ElfRelocationTable.Read(_file, tableSection) is not { } table
            || table.Target >= _file.Sections.Headers.Length
            || RawSymbolTable.Read(_file, table.SymbolTable) is not { } symbols)
            yield break;
        int target = (int)table.Target;
        string section = _file.Sections.NameOf(target) ?? $"section {target}";
        foreach (ElfRelocation relocation in table.Entries())
            yield return Check(section, target, relocation, symbols);
    }

    private CheckedRelocation Check(string section, int target, in ElfRelocation relocation, RawSymbolTable symbols)
    {
        ulong place = _addresses[target] + relocation.Offset;
        CheckedRelocation result = new(
            section, relocation.Offset, relocation.Type, "", relocation.Addend, place, 0, RelocationVerdict.IsMalformed,
            _file.Sections.Headers[target].sh_offset + relocation.Offset, relocation.Symbol);
        if (!symbols.TryGet(relocation.Symbol, out RawSymbol symbol))
            return result with { Symbol = $"symbol {relocation.Symbol}" };
        result = result with { Symbol = NameOf(symbol), Detail = symbol.Section };
        ulong start = 0;
        if (relocation.Symbol == 0 && _rules.AllowsNoSymbol)
            return result with { Verdict = RelocationVerdict.Fits };
        if (symbol.Section == RawSymbol.SHN_UNDEF)
            return result with { Verdict = _rules.ResolvesOutside ? RelocationVerdict.IsExternal : RelocationVerdict.IsUndefined };
        if (symbol is { IsReserved: true, Section: RawSymbol.SHN_COMMON })
            return result with { Verdict = RelocationVerdict.IsCommon };
        if (symbol is not { IsReserved: true, Section: RawSymbol.SHN_ABS })
        {
            if (symbol.IsReserved || symbol.Section >= _addresses.Length)
                return result;
            start = _addresses[symbol.Section];
        }

        ulong value = start + symbol.Value + (ulong)relocation.Addend;
        result = result with { Value = value };
        if (!_rules.Accepts(relocation.Type) || RelocationKind.Of(relocation.Type) is not { } kind)
            return result with { Verdict = _rules.Knows(relocation.Type) ? RelocationVerdict.IsExternal : RelocationVerdict.IsUnknown };
        ulong size = _file.Sections.Headers[target].sh_size;
        if (relocation.Offset > size || (ulong)kind.Width > size - relocation.Offset)
            return result with { Verdict = RelocationVerdict.IsMalformed, Detail = (uint)target };
        if (kind.IsRelative)
            value -= place;
        bool holds = kind.Holds(value);
        return result with
        {
            Value = value,
            Verdict = holds ? RelocationVerdict.Fits : kind.IsRelative && _rules.CutsRelative ? RelocationVerdict.IsCut : RelocationVerdict.Overflows,
        };
    }

    private string NameOf(in RawSymbol symbol)
    {
        if (symbol.Name.Length != 0)
            return symbol.Name;
        return symbol.IsInSection ? _file.Sections.NameOf((int)Math.Min(symbol.Section, int.MaxValue)) ?? $"section {symbol.Section}" : "(none)";
    }
}
