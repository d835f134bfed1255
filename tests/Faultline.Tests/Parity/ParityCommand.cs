using System.Text;

namespace Faultline.Tests.Parity;

/// <summary>One line of commands.txt: a program of the machine with arguments, quoted as in a shell.</summary>
internal sealed record ParityCommand(string Text, IReadOnlyList<string> Words, string Input)
{
    /// <summary>The program's name.</summary>
    public string Tool => Words[0];

    /// <summary>Reads the list: one command a line, # comments; "&lt; name" at the end feeds that fixture file to standard input.</summary>
    public static IEnumerable<ParityCommand> ReadAll(string file)
    {
        foreach (string line in File.ReadLines(file))
        {
            string text = line.Trim();
            if (text.Length > 0 && text[0] != '#')
                yield return Parse(text);
        }
    }

    private static ParityCommand Parse(string text)
    {
        List<string> words = Split(text);
        string input = "";
        int redirect = words.LastIndexOf("<");
        if (redirect >= 0)
        {
            input = words[redirect + 1];
            words.RemoveRange(redirect, 2);
        }
        return new ParityCommand(text, words, input);
    }

    /// <summary>Splits at blanks outside quotes; within single quotes everything is literal, within double quotes too.</summary>
    private static List<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        char quote = '\0';
        bool started = false;
        foreach (char c in text)
        {
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else
                    word.Append(c);
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                started = true;
            }
            else if (c == ' ')
            {
                if (started)
                    words.Add(word.ToString());
                word.Clear();
                started = false;
            }
            else
            {
                word.Append(c);
                started = true;
            }
        }
        if (started)
            words.Add(word.ToString());
        return words;
    }
}
