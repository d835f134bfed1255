using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>Walks the entries of a unit in order of the file.</summary>
internal sealed class EntryWalker
{
    /// <summary>Deepest nesting that is followed when children are passed over; compilers stay below a hundred.</summary>
    private const int DeepestNesting = 1 << 12;

    private readonly DwarfCursor _cursor;
    private readonly WorkBudget _budget;
    private DebugUnit _unit = null!;

    /// <summary>Walks with a cursor on .debug_info.</summary>
    public EntryWalker(DwarfCursor cursor, WorkBudget budget)
    {
        _cursor = cursor;
        _budget = budget;
    }

    /// <summary>Whether the walk is over.</summary>
    public bool IsDone => _cursor.IsDone;

    /// <summary>Goes to an entry of a unit.</summary>
    public void Start(DebugUnit unit, ulong offset)
    {
        _unit = unit;
        _cursor.Seek(offset, unit.End);
    }

    /// <summary>Reads the next entry; false at the end of the unit or where it is malformed.</summary>
    /// <param name="entry">Receives it; its tag is <see cref="DwarfTag.None"/> where a list of children ends.</param>
    public bool Next(DebugEntry entry)
    {
        if (_cursor.IsDone || !_budget.Spend(1))
        {
            return false;
        }

        ulong offset = _cursor.Position;
        ulong code = _cursor.Uleb();
        if (code == 0)
        {
            entry.Begin(offset, DwarfTag.None, hasChildren: false);
            return !_cursor.Failed;
        }

        if (_unit.Abbreviations.Find(code, _budget) is not { } shape || !_budget.Spend(shape.Attributes.Length))
        {
            return false;
        }

        entry.Begin(offset, shape.Tag, shape.HasChildren);
        UnitEncoding encoding = _unit.Encoding;
        foreach (ref readonly AttributeSpecification attribute in shape.Attributes.AsSpan())
        {
            AttributeValue value = FormReader.Read(_cursor, attribute.Form, attribute.Constant, encoding);
            if (_cursor.Failed)
            {
                return false;
            }

            entry.Set(attribute.Name, value);
        }

        return true;
    }

    /// <summary>Passes over the children of the entry just read.</summary>
    public bool SkipChildren(DebugEntry entry)
    {
        if (!entry.HasChildren)
        {
            return true;
        }

        if (TryJumpToSibling(entry))
        {
            return true;
        }

        for (int depth = 1; depth > 0 && depth < DeepestNesting;)
        {
            if (!Next(entry))
            {
                return false;
            }

            if (entry.Tag == DwarfTag.None)
            {
                depth--;
            }
            else if (entry.HasChildren && !TryJumpToSibling(entry))
            {
                depth++;
            }
        }

        return true;
    }

    private bool TryJumpToSibling(DebugEntry entry)
    {
        // A sibling that is not further on would make the walk go in circles.
        bool isFurther = entry.Sibling.IsReference && entry.Sibling.Bits > _cursor.Position && entry.Sibling.Bits <= _unit.End;
        if (isFurther)
        {
            _cursor.Seek(entry.Sibling.Bits, _unit.End);
        }

        return isFurther;
    }
}
