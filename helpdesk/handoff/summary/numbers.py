"""Check digits: what tells an IBAN or a card from any other long number."""

LONGEST_IBAN = 34
SHORTEST_IBAN = 15


def is_iban(text: str) -> bool:
    """Whether the check digits are right (ISO 13616: the number, its first four characters put last, is 1 mod 97)."""
    plain = "".join(text.split()).upper()
    if not (plain.isascii() and plain.isalnum() and SHORTEST_IBAN <= len(plain) <= LONGEST_IBAN):
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """Whether 13–19 digits pass Luhn's check (ISO/IEC 7812-1, annex B)."""
    digits = [int(character) for character in text if character.isascii() and character.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = (2 * digit for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(each - 9 * (each > 9) for each in doubled)) % 10 == 0
