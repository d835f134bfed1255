using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>
/// The abbreviations of a unit (DWARF 5, section 7.5.3), read as far as codes are asked for: the first entry of a unit needs one of hundreds.
/// </summary>
internal sealed class AbbreviationTable
{
    /// <summary>Most abbreviations of one table; compilers give some hundreds.</summary>
    public const int MaxAbbreviations = 1 << 16;

    private const int MaxAttributes = 1 << 10;

    private readonly DwarfCursor _cursor;
    private readonly ulong _end;
    private readonly Dictionary<ulong, Abbreviation> _byCode = [];
    private ulong _next;
    private bool _isComplete;

    /// <summary>The table at an offset of .debug_abbrev, which ends at <paramref name="end"/>.</summary>
    public AbbreviationTable(DwarfCursor cursor, ulong offset, ulong end)
    {
        _cursor = cursor;
        _next = offset;
        _end = end;
    }

    /// <summary>The abbreviation with a code, or null when the table has none or the budget does not reach to it.</summary>
    public Abbreviation? Find(ulong code, WorkBudget budget)
    {
        Abbreviation? found;
        while (!_byCode.TryGetValue(code, out found) && !_isComplete && budget.Spend(1))
        {
            ReadOne(budget);
        }

        return found;
    }

    private void ReadOne(WorkBudget budget)
    {
        _cursor.Seek(_next, _end);
        ulong code = _cursor.Uleb();
        if (code == 0 || _cursor.Failed || _byCode.Count == MaxAbbreviations)
        {
            _isComplete = true;
            return;
        }

        DwarfTag tag = (DwarfTag)Math.Min(_cursor.Uleb(), ushort.MaxValue);
        bool hasChildren = _cursor.U8() != 0;
        List<AttributeSpecification> attributes = [];
        while (true)
        {
            ulong name = _cursor.Uleb();
            ulong form = _cursor.Uleb();
            long constant = form == (ulong)DwarfForm.DW_FORM_implicit_const ? _cursor.Sleb() : 0;
            if (_cursor.Failed || attributes.Count == MaxAttributes || name > ushort.MaxValue || form > ushort.MaxValue)
            {
                _isComplete = true;
                return;
            }

            if (name == 0 && form == 0)
            {
                break;
            }

            attributes.Add(new AttributeSpecification((DwarfAttribute)name, (DwarfForm)form, constant));
        }

        budget.Spend(attributes.Count);
        _byCode.TryAdd(code, new Abbreviation(tag, hasChildren, [.. attributes]));
        _next = _cursor.Position;
    }
}
