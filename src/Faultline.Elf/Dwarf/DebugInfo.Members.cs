namespace Faultline.Elf.Dwarf;

/// <summary>Members of structures.</summary>
internal sealed partial class DebugInfo
{
    /// <summary>Deepest nesting of structures in structures that is followed.</summary>
    private const int DeepestMember = 16;

    private readonly Dictionary<string, ulong> _structures = [];

    /// <summary>The member at an offset of a structure or union; null when there is no such type or the offset is outside it or in padding.</summary>
    /// <param name="structure">The type's name, without "struct".</param>
    /// <param name="offset">Bytes from its start.</param>
    public MemberPlace? FindMember(string structure, ulong offset)
    {
        _budget.Reset();
        return FindStructure(structure) is { } found ? FindMember(found, offset, null) : null;
    }

    /// <summary>
    /// Members at an offset in the structures that the parameters and variables of a function point to, innermost inlined function included.
    /// </summary>
    /// <param name="address">An address in the function.</param>
    /// <param name="offset">Bytes from the start of a structure.</param>
    public List<MemberPlace> FindMembers(ulong address, ulong offset)
    {
        _budget.Reset();
        List<MemberPlace> places = [];
        _units.FindByAddress(address, _candidates);
        foreach (int number in _candidates.ToArray())
        {
            List<ulong> variables = [];
            if (_units.Get(number) is not { } unit || FindFunctions(unit, address, variables).Count == 0)
            {
                continue;
            }

            foreach (ulong variable in variables)
            {
                if (TryGetPointedStructure(variable, out string name, out ulong structure)
                    && FindMember(structure, offset, name) is { } place
                    && !places.Contains(place))
                {
                    places.Add(place);
                }
            }

            break;
        }

        return places;
    }

    private static AttributeValue ReferenceTo(ulong offset) => new(DwarfForm.DW_FORM_ref_addr, offset);

    private static bool IsStructure(DwarfTag tag) =>
        tag is DwarfTag.DW_TAG_structure_type or DwarfTag.DW_TAG_union_type or DwarfTag.DW_TAG_class_type;

    private bool TryGetPointedStructure(ulong variable, out string name, out ulong structure)
    {
        name = FollowOrigins(ReferenceTo(variable), static (unit, entry) => unit.GetString(entry.Name)) ?? string.Empty;
        structure = 0;
        AttributeValue type = default;
        AttributeValue next = ReferenceTo(variable);
        for (int i = 0; i < MostOrigins && !type.IsPresent && TryReadEntry(next, out _); i++)
        {
            type = _lookupEntry.Type;
            next = _lookupEntry.Origin;
        }

        if (!TryStrip(type, out _) || _lookupEntry.Tag != DwarfTag.DW_TAG_pointer_type)
        {
            return false;
        }

        if (!TryStrip(_lookupEntry.Type, out DebugUnit? unit) || !IsStructure(_lookupEntry.Tag))
        {
            return false;
        }

        structure = _lookupEntry.Offset;
        if (!_lookupEntry.Declaration.IsTrue)
        {
            return true;
        }

        // Only announced in this unit: another one defines it.
        if (unit!.GetString(_lookupEntry.Name) is not { Length: > 0 } declared || FindStructure(declared) is not { } defined)
        {
            return false;
        }

        structure = defined;
        return true;
    }

    /// <summary>Follows typedef, const and the like; the type is in <see cref="_lookupEntry"/> then.</summary>
    private bool TryStrip(AttributeValue type, out DebugUnit? unit)
    {
        unit = null;
        for (int i = 0; i < MostOrigins && TryReadEntry(type, out unit); i++)
        {
            if (_lookupEntry.Tag is not (DwarfTag.DW_TAG_typedef or DwarfTag.DW_TAG_const_type or DwarfTag.DW_TAG_volatile_type
                or DwarfTag.DW_TAG_restrict_type or DwarfTag.DW_TAG_atomic_type))
            {
                return true;
            }

            type = _lookupEntry.Type;
        }

        return false;
    }

    /// <summary>Offset of the first definition of a structure by name, unit after unit.</summary>
    private ulong? FindStructure(string name)
    {
        if (_structures.TryGetValue(name, out ulong known))
        {
            return known;
        }

        // Linkers merge equal strings, so a name that was read once and is another one need not be read again.
        HashSet<ulong> others = [];
        for (int i = 0; i < _units.Count; i++)
        {
            if (_units.Get(i) is not { } unit)
            {
                continue;
            }

            _walker.Start(unit, unit.FirstEntry);
            bool goesOn = _walker.Next(_entry);
            while (goesOn && _walker.Next(_entry))
            {
                if (IsStructure(_entry.Tag) && !_entry.Declaration.IsTrue && _entry.Name.IsPresent && IsNamed(unit, _entry.Name, name, others))
                {
                    ulong offset = _entry.Offset;
                    _structures.Add(name, offset);
                    return offset;
                }

                goesOn = _entry.Tag == DwarfTag.DW_TAG_namespace || _walker.SkipChildren(_entry);
            }
        }

        return null;
    }

    private static bool IsNamed(DebugUnit unit, in AttributeValue value, string name, HashSet<ulong> others)
    {
        bool isMerged = value.Form == DwarfForm.DW_FORM_strp;
        if (isMerged && others.Contains(value.Bits))
        {
            return false;
        }

        if (unit.GetString(value) == name)
        {
            return true;
        }

        if (isMerged)
        {
            others.Add(value.Bits);
        }

        return false;
    }

    private MemberPlace? FindMember(ulong structure, ulong offset, string? variable)
    {
        if (!TryReadEntry(ReferenceTo(structure), out DebugUnit? unit))
        {
            return null;
        }

        string name = TypeNamer.Keyword(_lookupEntry.Tag) + (unit.GetString(_lookupEntry.Name) ?? "(anonymous)");
        return Descend(structure, offset, 0) is { } found
            ? new MemberPlace(name, found.Path, NameOf(found.Type, 0), offset - found.Beyond, found.Size, variable)
            : null;
    }

    /// <summary>The innermost member at an offset: how far the offset lies behind its start, and its type.</summary>
    private (string Path, AttributeValue Type, ulong Beyond, ulong Size)? Descend(ulong structure, ulong offset, int depth)
    {
        if (depth == DeepestMember || !TryReadEntry(ReferenceTo(structure), out DebugUnit? unit))
        {
            return null;
        }

        foreach (Member member in ReadMembers(unit, structure))
        {
            ulong size = SizeOf(member.Type, 0);
            if (offset < member.Offset || offset - member.Offset >= size)
            {
                continue;
            }

            ulong rest = offset - member.Offset;
            string path = member.Name;
            AttributeValue type = member.Type;
            while (TryStrip(type, out _) && _lookupEntry.Tag == DwarfTag.DW_TAG_array_type)
            {
                type = _lookupEntry.Type;
                ulong element = SizeOf(type, 0);
                if (element == 0)
                {
                    return (path, type, rest, size);
                }

                path += $"[{rest / element}]";
                rest %= element;
                size = element;
            }

            if (TryStrip(type, out _) && IsStructure(_lookupEntry.Tag) && Descend(_lookupEntry.Offset, rest, depth + 1) is { } inner)
            {
                string separator = path.Length == 0 || inner.Path.Length == 0 ? string.Empty : ".";
                return (path + separator + inner.Path, inner.Type, inner.Beyond, inner.Size);
            }

            if (path.Length != 0)
            {
                return (path, type, rest, size);
            }
        }

        return null;
    }

    private List<Member> ReadMembers(DebugUnit unit, ulong structure)
    {
        List<Member> members = [];
        _walker.Start(unit, structure);
        if (!_walker.Next(_entry) || !_entry.HasChildren)
        {
            return members;
        }

        while (_walker.Next(_entry) && _entry.Tag != DwarfTag.None)
        {
            if (_entry.Tag is DwarfTag.DW_TAG_member or DwarfTag.DW_TAG_inheritance)
            {
                ulong at = _entry.MemberLocation.IsConstant ? _entry.MemberLocation.Bits : _entry.BitOffset.Bits / 8;
                members.Add(new Member(unit.GetString(_entry.Name) ?? string.Empty, at, _entry.Type));
            }

            if (!_walker.SkipChildren(_entry))
            {
                break;
            }
        }

        return members;
    }

    private ulong SizeOf(AttributeValue type, int depth)
    {
        if (depth == DeepestMember || !TryStrip(type, out DebugUnit? unit))
        {
            return 0;
        }

        if (_lookupEntry.ByteSize.IsPresent)
        {
            return _lookupEntry.ByteSize.IsConstant ? _lookupEntry.ByteSize.Bits : 0;
        }

        if (_lookupEntry.Tag is DwarfTag.DW_TAG_pointer_type or DwarfTag.DW_TAG_reference_type or DwarfTag.DW_TAG_rvalue_reference_type)
        {
            return unit!.Encoding.AddressSize;
        }

        if (_lookupEntry.Tag != DwarfTag.DW_TAG_array_type)
        {
            return 0;
        }

        AttributeValue element = _lookupEntry.Type;
        ulong array = _lookupEntry.Offset;
        ulong count = 1;
        _lookup.Start(unit!, array);
        _lookup.Next(_lookupEntry);
        while (_lookup.Next(_lookupEntry) && _lookupEntry.Tag != DwarfTag.None)
        {
            if (_lookupEntry.Tag == DwarfTag.DW_TAG_subrange_type)
            {
                // A flexible array has no bound, and no size.
                count *= !_lookupEntry.Bound.IsConstant ? 0 : _lookupEntry.Bound.Bits + (_lookupEntry.IsUpperBound ? 1UL : 0);
            }
        }

        return count * SizeOf(element, depth + 1);
    }

    private string NameOf(AttributeValue type, int depth)
    {
        if (!type.IsPresent)
        {
            return "void";
        }

        if (depth == DeepestMember || !TryReadEntry(type, out DebugUnit? unit))
        {
            return "?";
        }

        DwarfTag tag = _lookupEntry.Tag;
        AttributeValue target = _lookupEntry.Type;
        return unit.GetString(_lookupEntry.Name) is { Length: > 0 } name
            ? TypeNamer.Keyword(tag) + name
            : TypeNamer.Unnamed(tag, () => NameOf(target, depth + 1));
    }

    private readonly record struct Member(string Name, ulong Offset, AttributeValue Type);
}
