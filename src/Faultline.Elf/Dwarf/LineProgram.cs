using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>Runs a line program (DWARF 5, section 6.2.5) until it passes an address. Rows are not kept.</summary>
internal static class LineProgram
{
    private const int MaxSteps = 1 << 24;

    private const byte DW_LNS_copy = 1;
    private const byte DW_LNS_advance_pc = 2;
    private const byte DW_LNS_advance_line = 3;
    private const byte DW_LNS_set_file = 4;
    private const byte DW_LNS_set_column = 5;
    private const byte DW_LNS_negate_stmt = 6;
    private const byte DW_LNS_set_basic_block = 7;
    private const byte DW_LNS_const_add_pc = 8;
    private const byte DW_LNS_fixed_advance_pc = 9;
    private const byte DW_LNS_set_prologue_end = 10;
    private const byte DW_LNS_set_epilogue_begin = 11;

    private const byte DW_LNE_end_sequence = 1;
    private const byte DW_LNE_set_address = 2;

    /// <summary>The row that holds for an address: the last one at or before it in a sequence that goes on past it.</summary>
    public static bool TryFind(LineHeader header, DwarfCursor cursor, ulong address, out LineRow found)
    {
        cursor.Seek(header.Program, header.End);
        State state = State.Start;
        State previous = default;
        bool hasPrevious = false;
        for (int step = 0; step < MaxSteps && !cursor.IsDone; step++)
        {
            int opcode = cursor.U8();
            bool isRow = false;
            bool isEnd = false;
            if (opcode > header.OperandCounts.Length)
            {
                int adjusted = opcode - header.OperandCounts.Length - 1;
                state.Advance(header, (ulong)(adjusted / header.LineRange));
                state.Line += header.LineBase + (adjusted % header.LineRange);
                isRow = true;
            }
            else if (opcode == 0)
            {
                isEnd = RunExtended(header, cursor, ref state);
                isRow = isEnd;
            }
            else
            {
                isRow = RunStandard(header, cursor, opcode, ref state);
            }

            if (!isRow)
            {
                continue;
            }

            if (hasPrevious && address >= previous.Address && address < state.Address)
            {
                found = new LineRow(previous.File, (int)Math.Clamp(previous.Line, 0, int.MaxValue), previous.Column);
                return true;
            }

            previous = state;
            hasPrevious = !isEnd;
            if (isEnd)
            {
                state = State.Start;
            }
        }

        found = default;
        return false;
    }

    private static bool RunStandard(LineHeader header, DwarfCursor cursor, int opcode, ref State state)
    {
        switch (opcode)
        {
            case DW_LNS_copy:
                return true;
            case DW_LNS_advance_pc:
                state.Advance(header, cursor.Uleb());
                break;
            case DW_LNS_advance_line:
                state.Line += cursor.Sleb();
                break;
            case DW_LNS_set_file:
                state.File = cursor.Uleb();
                break;
            case DW_LNS_set_column:
                state.Column = (int)Math.Min(cursor.Uleb(), int.MaxValue);
                break;
            case DW_LNS_negate_stmt or DW_LNS_set_basic_block or DW_LNS_set_prologue_end or DW_LNS_set_epilogue_begin:
                break;
            case DW_LNS_const_add_pc:
                state.Advance(header, (ulong)((255 - header.OperandCounts.Length - 1) / header.LineRange));
                break;
            case DW_LNS_fixed_advance_pc:
                state.Address += cursor.U16();
                state.Operation = 0;
                break;
            default:
                for (int i = header.OperandCounts[opcode - 1]; i > 0; i--)
                {
                    cursor.Uleb();
                }

                break;
        }

        return false;
    }

    private static bool RunExtended(LineHeader header, DwarfCursor cursor, ref State state)
    {
        ulong length = cursor.Uleb();
        ulong next = cursor.Position + length;
        if (length == 0)
        {
            return false;
        }

        byte opcode = cursor.U8();
        if (opcode == DW_LNE_set_address)
        {
            state.Address = header.Encoding.AddressSize == 4 || length == 5 ? cursor.U32() : cursor.U64();
            state.Operation = 0;
        }

        if (next < cursor.Position || next > header.End)
        {
            cursor.Skip(ulong.MaxValue);
        }
        else
        {
            cursor.Skip(next - cursor.Position);
        }

        return opcode == DW_LNE_end_sequence;
    }

    private struct State
    {
        public ulong Address;
        public ulong Operation;
        public ulong File;
        public long Line;
        public int Column;

        public static State Start => new() { File = 1, Line = 1 };

        public void Advance(LineHeader header, ulong operations)
        {
            ulong whole = Operation + operations;
            Address += header.InstructionLength * (whole / header.OperationsPerInstruction);
            Operation = whole % header.OperationsPerInstruction;
        }
    }
}
