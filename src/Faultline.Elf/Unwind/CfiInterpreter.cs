namespace Faultline.Elf.Unwind;

/// <summary>Runs call frame instructions (DW_CFA_*, DWARF 5 section 6.4.2) up to an address and leaves the row that holds there.</summary>
internal sealed class CfiInterpreter
{
    /// <summary>Most instructions of one run; real functions have a few hundred.</summary>
    private const int MaxSteps = 1 << 18;

    /// <summary>Deepest DW_CFA_remember_state; compilers use one level.</summary>
    private const int MaxRemembered = 32;

    private readonly IMemoryReader _memory;
    private readonly PointerBases _bases;
    private readonly DwarfCursor _cursor;
    private readonly List<UnwindRow> _remembered = [];
    private UnwindRow _initial;
    private UnwindRow _row;
    private int _steps;

    /// <summary>Runs programs found in <paramref name="memory"/>.</summary>
    public CfiInterpreter(IMemoryReader memory, in PointerBases bases)
    {
        _memory = memory;
        _bases = bases;
        _cursor = new DwarfCursor(memory);
    }

    /// <summary>The row for an address in an entry. False when the program is malformed.</summary>
    public bool TryRun(in FrameEntry frame, ulong address, out UnwindRow row)
    {
        _row = default;
        _initial = default;
        _remembered.Clear();
        _steps = 0;
        ulong location = frame.Start;
        bool isGood = Run(frame, frame.Common.Instructions, frame.Common.InstructionsEnd, address, ref location, isInitial: true);
        if (isGood)
        {
            _initial = _row;
            location = frame.Start;
            isGood = Run(frame, frame.Instructions, frame.InstructionsEnd, address, ref location, isInitial: false);
        }

        row = _row;
        return isGood && row.CfaKind != RuleKind.Unspecified;
    }

    private bool Run(in FrameEntry frame, ulong start, ulong end, ulong address, ref ulong location, bool isInitial)
    {
        _cursor.Seek(start, end);
        while (!_cursor.IsDone)
        {
            if (++_steps > MaxSteps)
            {
                return false;
            }

            byte code = _cursor.U8();
            ulong operand = code & 0x3fU;
            switch (code & 0xc0)
            {
                case Cfa.DW_CFA_advance_loc:
                    location += operand * frame.Common.CodeAlignment;
                    break;
                case Cfa.DW_CFA_offset:
                    SetOffset(operand, _cursor.Uleb() * (ulong)frame.Common.DataAlignment, RuleKind.Offset);
                    break;
                case Cfa.DW_CFA_restore:
                    Restore(operand, isInitial);
                    break;
                default:
                    if (!RunExtended(code, frame.Common, ref location, isInitial))
                    {
                        return false;
                    }

                    break;
            }

            if (location > address)
            {
                break;
            }
        }

        return !_cursor.Failed;
    }

    private bool RunExtended(byte code, in CommonEntry common, ref ulong location, bool isInitial)
    {
        ulong dataAlignment = (ulong)common.DataAlignment;
        switch (code)
        {
            case Cfa.DW_CFA_nop:
                break;
            case Cfa.DW_CFA_set_loc:
                return PointerEncoding.TryRead(_cursor, common.PointerEncoding, _bases, _memory, out location);
            case Cfa.DW_CFA_advance_loc1:
                location += _cursor.U8() * common.CodeAlignment;
                break;
            case Cfa.DW_CFA_advance_loc2:
                location += _cursor.U16() * common.CodeAlignment;
                break;
            case Cfa.DW_CFA_advance_loc4:
                location += _cursor.U32() * common.CodeAlignment;
                break;
            case Cfa.DW_CFA_offset_extended:
                SetOffset(_cursor.Uleb(), _cursor.Uleb() * dataAlignment, RuleKind.Offset);
                break;
            case Cfa.DW_CFA_offset_extended_sf:
                SetOffset(_cursor.Uleb(), (ulong)_cursor.Sleb() * dataAlignment, RuleKind.Offset);
                break;
            case Cfa.DW_CFA_GNU_negative_offset_extended:
                SetOffset(_cursor.Uleb(), 0 - (_cursor.Uleb() * dataAlignment), RuleKind.Offset);
                break;
            case Cfa.DW_CFA_val_offset:
                SetOffset(_cursor.Uleb(), _cursor.Uleb() * dataAlignment, RuleKind.ValOffset);
                break;
            case Cfa.DW_CFA_val_offset_sf:
                SetOffset(_cursor.Uleb(), (ulong)_cursor.Sleb() * dataAlignment, RuleKind.ValOffset);
                break;
            case Cfa.DW_CFA_restore_extended:
                Restore(_cursor.Uleb(), isInitial);
                break;
            case Cfa.DW_CFA_undefined:
                Set(_cursor.Uleb(), new RegisterRule(RuleKind.Undefined, 0, 0));
                break;
            case Cfa.DW_CFA_same_value:
                Set(_cursor.Uleb(), new RegisterRule(RuleKind.SameValue, 0, 0));
                break;
            case Cfa.DW_CFA_register:
                SetOffset(_cursor.Uleb(), _cursor.Uleb(), RuleKind.Register);
                break;
            case Cfa.DW_CFA_expression:
                Set(_cursor.Uleb(), TakeExpression(RuleKind.Expression));
                break;
            case Cfa.DW_CFA_val_expression:
                Set(_cursor.Uleb(), TakeExpression(RuleKind.ValExpression));
                break;
            case Cfa.DW_CFA_remember_state:
                if (_remembered.Count == MaxRemembered)
                {
                    return false;
                }

                _remembered.Add(_row);
                break;
            case Cfa.DW_CFA_restore_state:
                if (_remembered.Count == 0)
                {
                    return false;
                }

                _row = _remembered[^1];
                _remembered.RemoveAt(_remembered.Count - 1);
                break;
            case Cfa.DW_CFA_GNU_args_size:
                // How much was pushed for a call; the CFA already counts it.
                _cursor.Uleb();
                break;
            default:
                return RunCfa(code, dataAlignment);
        }

        return true;
    }

    private bool RunCfa(byte code, ulong dataAlignment)
    {
        switch (code)
        {
            case Cfa.DW_CFA_def_cfa:
                _row.CfaKind = RuleKind.ValOffset;
                _row.CfaRegister = _cursor.Uleb();
                _row.CfaOffset = _cursor.Uleb();
                return true;
            case Cfa.DW_CFA_def_cfa_sf:
                _row.CfaKind = RuleKind.ValOffset;
                _row.CfaRegister = _cursor.Uleb();
                _row.CfaOffset = (ulong)_cursor.Sleb() * dataAlignment;
                return true;
            case Cfa.DW_CFA_def_cfa_expression:
                _row.CfaKind = RuleKind.ValExpression;
                _row.CfaExpression = TakeExpression(RuleKind.ValExpression);
                return true;
        }

        // The rest change half of a register and offset rule, which must be there.
        if (_row.CfaKind != RuleKind.ValOffset)
        {
            return false;
        }

        switch (code)
        {
            case Cfa.DW_CFA_def_cfa_register:
                _row.CfaRegister = _cursor.Uleb();
                return true;
            case Cfa.DW_CFA_def_cfa_offset:
                _row.CfaOffset = _cursor.Uleb();
                return true;
            case Cfa.DW_CFA_def_cfa_offset_sf:
                _row.CfaOffset = (ulong)_cursor.Sleb() * dataAlignment;
                return true;
            default:
                return false;
        }
    }

    private RegisterRule TakeExpression(RuleKind kind)
    {
        ulong length = _cursor.Uleb();
        RegisterRule rule = new(kind, _cursor.Position, length);
        _cursor.Skip(length);
        return rule;
    }

    private void SetOffset(ulong register, ulong value, RuleKind kind) => Set(register, new RegisterRule(kind, value, 0));

    private void Set(ulong register, in RegisterRule rule)
    {
        // Columns past RIP (vector registers, for example) are legal and of no use to a backtrace.
        if (register < RegisterSet.Count)
        {
            _row.Rules[(int)register] = rule;
        }
    }

    private void Restore(ulong register, bool isInitial)
    {
        if (register < RegisterSet.Count && !isInitial)
        {
            _row.Rules[(int)register] = _initial.Rules[(int)register];
        }
    }
}
