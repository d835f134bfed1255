using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>A <see cref="RegisterFrame"/> while its lines come in.</summary>
internal sealed class FrameDraft
{
    private readonly List<RegisterValue> _general = [];

    private readonly List<RegisterValue> _system = [];

    private ushort? _selector;

    private ulong? _address;

    private SymbolReference? _symbol;

    private int _line;

    private CodeBytes? _code;

    private bool? _isUser;

    /// <summary>Whether an instruction pointer was printed.</summary>
    public bool HasPointer => _line != 0;

    /// <summary>Whether there is a <c>Code:</c> line already.</summary>
    public bool HasCode => _code is not null;

    /// <summary>Whether general registers were printed.</summary>
    public bool HasRegisters => _general.Count > 0;

    /// <summary>Whether the frame is a user program's.</summary>
    public bool IsUser => _isUser == true;

    /// <summary>Reads <c>RIP: 0010:name+0x1/0x2</c> and its older forms: <c>RIP: 0010:[&lt;address&gt;]  [&lt;address&gt;] name+0x1/0x2</c>.</summary>
    public void ReadX86Pointer(string text, int line)
    {
        _line = line;
        Cursor cursor = new(text);
        cursor.TryUntil(':', out _);
        cursor.SkipBlanks();
        Cursor ahead = cursor;
        if (ahead.TryHex(out ulong selector, 1, 4) && ahead.Skip(':'))
        {
            _selector = (ushort)selector;
            _isUser = (selector & 3) == 3;
            cursor = ahead;
        }
        ReadPlace(cursor);
    }

    /// <summary>Reads an instruction pointer that may be a symbol, a number, or both.</summary>
    public void ReadPointer(ReadOnlySpan<char> text, int line)
    {
        _line = line;
        ReadPlace(new Cursor(text));
    }

    /// <summary>Adds the symbol of the instruction pointer, printed on a line of its own.</summary>
    public void ReadSymbol(ReadOnlySpan<char> text)
    {
        Cursor cursor = new(text);
        SymbolParser.TryRead(ref cursor, out _symbol);
    }

    /// <summary>Sets what the code was.</summary>
    public void Set(CodeBytes code) => _code = code;

    /// <summary>Adds registers.</summary>
    public void Add(IEnumerable<RegisterValue> registers)
    {
        foreach (RegisterValue register in registers)
        {
            bool isSystem = RegisterNames.Find(register.Name).Kind == RegisterNames.Kind.System;
            List<RegisterValue> list = isSystem ? _system : _general;
            if (!list.Exists(known => known.Name == register.Name))
                list.Add(register);
            if (register.Name == "psr")
                _isUser = ((register.Value >> 32) & 3) == 3;
            else if (register.Name == "pstate")
                _isUser = (register.Value & 0xF) == 0;
        }
    }

    /// <summary>Adds one register that has no name in <see cref="RegisterNames"/>.</summary>
    public void Add(string name, ulong value, int line) => _general.Add(new RegisterValue(name, value, line));

    /// <summary>The frame as far as it was printed.</summary>
    public RegisterFrame Build() => new()
    {
        CodeSelector = _selector,
        InstructionPointer = _address,
        Symbol = _symbol,
        InstructionPointerLine = _line,
        Registers = _general,
        SystemRegisters = _system,
        Code = _code,
        IsUser = _isUser,
    };

    private void ReadPlace(Cursor cursor)
    {
        cursor.SkipBlanks();
        // The old form has the address twice, and older still nothing but the address.
        while (cursor.Skip("[<"))
        {
            if (cursor.TryHex(out ulong value) && value != 0)
                _address = value;
            cursor.SkipPast(">]");
            cursor.SkipBlanks();
        }
        if (SymbolParser.TryRead(ref cursor, out SymbolReference? symbol))
        {
            _symbol = symbol;
            return;
        }
        if (cursor.TryPrefixedHex(out ulong number))
        {
            _address = number;
            cursor.SkipBlanks();
            if (SymbolParser.TryRead(ref cursor, out symbol))
                _symbol = symbol;
        }
        else if (cursor.Rest.Trim() is "(null)")
        {
            _address = 0;
        }
    }
}
