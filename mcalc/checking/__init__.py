"""Is it right? Claims, chains of equalities and answers, judged by normal form and by value."""
